import { ActionIcon } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMe } from '../access/index.ts';
import { request, signInUrl } from '../api/index.ts';
import { ActionMenu, Icon } from '../parts/index.ts';

/** Oneself: profile, the other application, and the way out. */
export function AvatarMenu() {
  const me = useMe();
  const navigate = useNavigate();
  const [failed, setFailed] = useState(false);
  const signOut = async () => {
    try {
      const answer = await request<{ location?: string } | undefined>('/auth/sign-out', { method: 'POST' });
      location.assign(answer?.location ?? '/');
    } catch {
      setFailed(true); // said in the menu's own words the next time it opens
    }
  };
  return (
    <ActionMenu
      opener={(toggle, open) => (
        <ActionIcon variant="subtle" size="lg" aria-label="You" aria-expanded={open} onClick={toggle}>
          <Icon name="person" />
        </ActionIcon>
      )}
      title={me.name ?? me.email ?? me.subject}
      actions={[
        { label: 'Me: profile, sessions, devices', onClick: () => void navigate({ to: '/me' }) },
        ...(me.siteAdministrator
          ? []
          : [{ label: 'Sign in as site administrator', href: signInUrl({ application: 'management' }) }]),
        { label: failed ? 'Sign out did not work. Try again' : 'Sign out', onClick: () => void signOut() },
      ]}
    />
  );
}
