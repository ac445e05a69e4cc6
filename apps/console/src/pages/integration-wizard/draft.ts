/** What the wizard collects. The secret is never kept beyond the page. */
export interface Draft {
  readonly type: 'zitadel' | 'netbird';
  readonly name: string;
  /** URL that identifies the instance. */
  readonly issuer: string;
  /** Where its port is, when that is elsewhere. */
  readonly address: string;
  readonly projectId: string;
  /** A key file's content, or a reference such as `env:NAME`. */
  readonly secret: string;
}

const key = 'drawbridge-integration-draft';
export const emptyDraft: Draft = {
  type: 'zitadel',
  name: '',
  issuer: '',
  address: '',
  projectId: '',
  secret: '',
};

/** Reads what was typed before the page was left; the secret is not among it. */
export function loadDraft(): Draft {
  const kept = sessionStorage.getItem(key);
  return kept === null ? emptyDraft : { ...emptyDraft, ...(JSON.parse(kept) as Partial<Draft>), secret: '' };
}

export function keepDraft({ secret: _secret, ...draft }: Draft): void {
  sessionStorage.setItem(key, JSON.stringify(draft));
}

export function forgetDraft(): void {
  sessionStorage.removeItem(key);
}

/** The draft as the API takes it; what is empty is left out. */
export function bodyOf({
  type,
  name,
  issuer,
  address,
  projectId,
  secret,
}: Draft): Readonly<Record<string, string>> {
  const secretField = type === 'zitadel' ? 'serviceAccount' : 'token';
  const fields = { type, name, issuer, address, projectId, [secretField]: secret };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value.trim() !== ''));
}

/** What is wrong with an issuer, in words; nothing when it may be one. */
export function issuerComplaint(issuer: string): string | undefined {
  if (issuer === '') return undefined;
  try {
    const url = new URL(issuer);
    if (!['http:', 'https:'].includes(url.protocol)) return 'Begins with https://.';
    if (url.pathname !== '/' || url.search || url.hash)
      return 'Ends after the host or port: no path behind it.';
    return undefined;
  } catch {
    return 'Is a whole URL, such as https://sso.example.com.';
  }
}
