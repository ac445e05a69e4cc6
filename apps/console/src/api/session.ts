import { useSyncExternalStore } from 'react';

/** What the page knows of its sign-in: the CSRF token of the cookie session, and whether the session was refused. */
let csrfToken: string | undefined;
let signedOut = false;
const listeners = new Set<() => void>();

export function rememberCsrfToken(token: string | undefined): void {
  csrfToken = token;
  setSignedOut(false);
}

export function currentCsrfToken(): string | undefined {
  return csrfToken;
}

/** Told by every answer: 401 shows the banner and keeps what is on the page; the next success takes it away. */
export function setSignedOut(value: boolean): void {
  if (signedOut === value) return;
  signedOut = value;
  for (const listener of listeners) listener();
}

export function useSignedOut(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => signedOut,
  );
}

/** Where a person signs in, and comes back to what they see now. */
export function signInUrl(options: { application?: 'management'; organization?: string } = {}): string {
  const query = new URLSearchParams({ return: location.pathname + location.search, ...options });
  return `/auth/sign-in?${query}`;
}
