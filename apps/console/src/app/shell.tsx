import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { meQuery, problemOf, signInUrl, useSignedOut } from '../api/index.ts';
import { Icon, Loading, ProblemPanel } from '../parts/index.ts';
import { AvatarMenu } from './avatar-menu.tsx';
import { GlobalKeys } from './global-keys.tsx';
import { lastOrganization } from './last-organization.ts';
import { LiveDot } from './live-dot.tsx';
import { Navigation } from './navigation.tsx';
import { OrganizationSwitcher } from './organization-switcher.tsx';
import { preloadLater } from './preload.ts';
import { SchemeSwitch } from './scheme-switch.tsx';
import { SignInPage } from './sign-in-page.tsx';

// Loaded at the first use, since no page needs it to be drawn.
const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));

/** The frame around every page. Without a sign-in there is only the way to one. */
export function Shell() {
  const me = useQuery(meQuery());
  if (me.data) return <Frame />;
  if (me.error) {
    if (problemOf(me.error).status === 401) return <SignInPage />;
    return (
      <main className="alone">
        <h1>Drawbridge</h1>
        <ProblemPanel error={me.error} what="The console could not start" onRetry={() => void me.refetch()} />
      </main>
    );
  }
  return (
    <main className="alone">
      <Loading />
    </main>
  );
}

function Frame() {
  const org = useParams({ strict: false, select: (params) => params.org }) ?? lastOrganization();
  const [open, setOpen] = useState(false);
  const [palette, setPalette] = useState(false);
  const main = useRef<HTMLElement>(null);
  // The frame itself is not drawn again for another page: only what tells where one is.
  const onPage = useCallback(() => {
    setOpen(false);
    main.current?.focus({ preventScroll: true });
  }, []);
  useEffect(preloadLater, []);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="top">
        <ActionIcon
          className="menu-button"
          variant="subtle"
          size="lg"
          aria-label="Menu"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon name="menu" />
        </ActionIcon>
        <Link to="/" className="brand">
          <img src="/favicon.svg" width="24" height="24" alt="" />
          <span>Drawbridge</span>
        </Link>
        <OrganizationSwitcher slug={org} />
        <div className="grow" />
        <LiveDot />
        <ActionIcon
          variant="subtle"
          size="lg"
          aria-label="Find or go to (Ctrl K)"
          onClick={() => setPalette(true)}
        >
          <Icon name="search" />
        </ActionIcon>
        <SchemeSwitch />
        <AvatarMenu />
      </header>
      <nav className="nav" aria-label="Pages" data-open={open}>
        <Navigation org={org} />
      </nav>
      <main className="main" id="main" ref={main} tabIndex={-1}>
        <SignedOutBand />
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
      <NewPage onPage={onPage} />
      <GlobalKeys org={org} onPalette={() => setPalette(true)} />
      <Suspense>{palette && <Palette org={org} onClose={() => setPalette(false)} />}</Suspense>
    </div>
  );
}

/** A new page takes the focus, so that reading goes on there; the first one leaves it to the browser. */
function NewPage({ onPage }: { readonly onPage: () => void }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current !== path) onPage();
    shown.current = path;
  }, [path, onPage]);
  return null;
}

/** Over what was on the page, which stays, forms included. */
function SignedOutBand() {
  const signedOut = useSignedOut();
  if (!signedOut) return null;
  return (
    <div className="band" role="alert">
      <strong>Signed out</strong>
      <span>Your session has ended. What you see is from before; what you typed is kept.</span>
      <a href={signInUrl()}>Sign in again</a>
    </div>
  );
}
