import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useDeferredValue, useId, useState } from 'react';
import { useMe } from '../access/index.ts';
import { type Page, request, type User } from '../api/index.ts';
import { Dialog, fullName } from '../parts/index.ts';
import css from './help.module.css';
import { useKnownOrganization } from './navigation.tsx';
import { organizationPages, sitePages } from './pages-of.ts';

interface Hit {
  readonly label: string;
  readonly remark: string;
  readonly path: string;
}

const longEnoughForId = 12;

/** Goes to a page, a person, or whatever a pasted id belongs to. */
export function Palette({
  org,
  onClose,
}: {
  readonly org: string | undefined;
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const list = useId();
  const hits = useHits(org, typed.trim());
  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    void navigate({ to: hit.path });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive(Math.min(active + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
    else if (event.key === 'Enter') go(hits[active]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Find or go to" onClose={onClose}>
      <TextInput
        data-autofocus
        aria-label="Page, person or id"
        placeholder="Page, person or id"
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={hits.length > 0 ? `${list}-${active}` : undefined}
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={css.results} id={list} role="listbox" aria-label="Results">
        {hits.map((hit, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, as the pattern of a combobox has it
          <div
            key={`${hit.path} ${hit.label}`}
            id={`${list}-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === active}
            onClick={() => go(hit)}
          >
            <span>{hit.label}</span>
            <small>{hit.remark}</small>
          </div>
        ))}
      </div>
      {hits.length === 0 && <p className="muted">Nothing matches “{typed}”.</p>}
    </Dialog>
  );
}

function useHits(org: string | undefined, typed: string): readonly Hit[] {
  const me = useMe();
  const organization = useKnownOrganization(org);
  const asked = useDeferredValue(typed);
  const people = useQuery({
    queryKey: ['palette', organization?.id, asked],
    queryFn: async ({ signal }) =>
      await request<Page<User>>('/api/users', {
        query: { organization: organization?.id, q: asked, limit: 6 },
        signal,
      }),
    enabled: asked.length >= 2 && (organization?.can('users.read') ?? false),
  });
  const words = typed.toLowerCase();
  const pages: readonly Hit[] = [
    ...(organization ? organizationPages(organization) : []).map(({ label, path }) => ({
      label,
      path,
      remark: organization?.name ?? '',
    })),
    ...(me.siteAdministrator ? sitePages : []).map(({ label, path }) => ({ label, path, remark: 'Site' })),
    { label: 'Me', path: '/me', remark: '' },
  ];
  const base = `/o/${organization?.slug ?? ''}`;
  const byId: readonly Hit[] =
    typed.length >= longEnoughForId && /^[\w-]+$/.test(typed)
      ? [
          { label: `User ${typed}`, path: `${base}/users/${typed}/summary`, remark: 'by id' },
          { label: `Run ${typed}`, path: `${base}/runs/${typed}`, remark: 'by id' },
          { label: `Sweep ${typed}`, path: `${base}/sweeps/${typed}`, remark: 'by id' },
        ]
      : [];
  const found = (people.data?.items ?? []).map((user) => ({
    label: fullName(user),
    path: `${base}/users/${user.id}/summary`,
    remark: user.email,
  }));
  return [...pages.filter(({ label }) => label.toLowerCase().includes(words)), ...found, ...byId];
}
