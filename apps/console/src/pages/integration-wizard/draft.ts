import type { Integration } from '../../api/index.ts';

/** What the wizard collects. No secret is kept beyond the page. */
export interface Draft {
  readonly type: 'zitadel' | 'netbird';
  readonly name: string;
  /** URL that identifies the instance. */
  readonly issuer: string;
  /** Where its port is, when that is elsewhere. */
  readonly address: string;
  readonly projectId: string;
  /** The application that introspects callers' tokens. */
  readonly clientId: string;
  readonly webClientId: string;
  readonly managementClientId: string;
  /** Service account's key or NetBird's token: content, or a reference such as `env:NAME`. */
  readonly secret: string;
  /** Key of the application `clientId`. */
  readonly clientSecret: string;
}

const key = 'drawbridge-integration-draft';
const emptyDraft: Draft = {
  type: 'zitadel',
  name: '',
  issuer: '',
  address: '',
  projectId: '',
  clientId: '',
  webClientId: '',
  managementClientId: '',
  secret: '',
  clientSecret: '',
};

/** Reads what was typed before the page was left; the secret is not among it. */
export function loadDraft(): Draft {
  const kept = sessionStorage.getItem(key);
  return kept === null
    ? emptyDraft
    : { ...emptyDraft, ...(JSON.parse(kept) as Partial<Draft>), secret: '', clientSecret: '' };
}

export function keepDraft({ secret: _secret, clientSecret: _clientSecret, ...draft }: Draft): void {
  sessionStorage.setItem(key, JSON.stringify(draft));
}

export function forgetDraft(): void {
  sessionStorage.removeItem(key);
}

/** What is configured now, to be changed; its secrets stay where they are unless new ones are given. */
export function draftOf(integration: Integration): Draft {
  return {
    ...emptyDraft,
    type: integration.type === 'netbird' ? 'netbird' : 'zitadel',
    name: integration.name,
    issuer: integration.issuer ?? '',
    address: integration.address ?? '',
    projectId: integration.projectId ?? '',
    clientId: integration.clientId ?? '',
    webClientId: integration.webClientId ?? '',
    managementClientId: integration.managementClientId ?? '',
  };
}

type Body = Readonly<Record<string, string>>;

/** The part of a draft that can be tried. */
export function trialOf({ type, issuer, address, projectId, secret }: Draft): Body {
  return filled({
    type,
    issuer,
    address,
    projectId,
    [type === 'zitadel' ? 'serviceAccount' : 'token']: secret,
  });
}

/** The whole draft as the API saves it. */
export function bodyOf(draft: Draft): Body {
  const { name, clientId, webClientId, managementClientId, clientSecret } = draft;
  return { ...trialOf(draft), ...filled({ name, clientId, webClientId, managementClientId, clientSecret }) };
}

/** What is empty is left out. */
function filled(fields: Body): Body {
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
