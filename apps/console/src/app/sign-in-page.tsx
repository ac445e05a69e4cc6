import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { signInUrl } from '../api/index.ts';
import { ButtonLink } from '../parts/index.ts';

/** The only page without a sign-in: it leads to Zitadel and back to the address that was asked for. */
export function SignInPage() {
  const { org } = useParams({ strict: false });
  useEffect(() => {
    document.title = 'Sign in · Drawbridge';
  }, []);
  return (
    <main className="alone stack">
      <img src="/favicon.svg" width="40" height="40" alt="" />
      <h1 style={{ margin: 0 }}>Sign in to Drawbridge</h1>
      <p style={{ margin: 0 }}>
        {org === undefined
          ? 'Zitadel asks who you are, and brings you back here.'
          : `Zitadel asks who you are, with the rules of ${org}, and brings you back here.`}
      </p>
      <div>
        <ButtonLink outside href={signInUrl(org === undefined ? {} : { organization: org })}>
          Sign in with Zitadel
        </ButtonLink>
      </div>
      <p className="muted" style={{ margin: 0 }}>
        Site administrators:{' '}
        <a href={signInUrl({ application: 'management' })}>sign in for all organizations</a>
      </p>
    </main>
  );
}
