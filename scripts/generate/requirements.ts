/** The part that a requirement belongs to. */
export type Area =
  | 'kit'
  | 'zitadel'
  | 'directory'
  | 'sync'
  | 'events'
  | 'token-review'
  | 'kubernetes'
  | 'config'
  | 'openbao'
  | 'release';

export interface Requirement {
  readonly id: string;
  readonly area: Area;
  readonly text: string;
}

/** Title of each part and the folder that exists once it is built. */
export const areas: Readonly<Record<Area, { readonly title: string; readonly folder: string }>> = {
  kit: { title: 'Foundations', folder: 'packages/kit/src' },
  zitadel: { title: 'Zitadel client', folder: 'packages/zitadel/src' },
  directory: { title: 'Directory', folder: 'packages/directory/src' },
  sync: { title: 'Status sync and memberships', folder: 'packages/directory/src/status' },
  events: { title: 'Events', folder: 'packages/events/src' },
  'token-review': { title: 'TokenReview webhook', folder: 'packages/kubernetes/src/token-review' },
  kubernetes: { title: 'Kubernetes', folder: 'packages/kubernetes/src/identity-api' },
  config: { title: 'Configuration, secrets and the signed-in session', folder: 'packages/config/src' },
  openbao: { title: 'OpenBao', folder: 'packages/openbao/src' },
  release: { title: 'Release', folder: 'Containerfile' },
};

const rows = `
S1 zitadel Algorithms come from an allow-list of the issuer; none, HS* and mismatches of key and algorithm are refused.
S2 zitadel kid chooses only among the issuer's own keys; jku, x5u and jwk headers are ignored.
S3 zitadel iss is compared as text, byte for byte.
S4 zitadel aud must contain ours, as a text or in a list.
S5 zitadel exp is required, nbf and iat are honoured, the clock skew is one constant of at most 60 s.
S6 zitadel Kinds of tokens are kept apart: no id_token passes as access token, no webhook JWT as a user's.
S7 zitadel Tokens are at most 16 KiB, of 3 or 5 parts, with no doubled claims and limited depth.
S8 zitadel RSA keys have at least 2048 bits; P-256 and Ed25519 only where set.
S9 zitadel An unknown kid causes one refetch, at least 30 s apart, and is remembered as unknown.
S10 zitadel Assertions live at most 5 minutes; iat lies up to 30 s in the past.
S11 zitadel The assertion's audience is the issuer, not the address dialled.
S12 zitadel Every assertion has its own jti and is never logged.
S13 zitadel The key file's mode is checked; the private key is in no error.
S14 zitadel Introspection is authenticated by private_key_jwt (client_secret_basic where an integration has only that), by POST.
S15 zitadel Introspection is cached at most until the TTL and exp, by the hash of token and audiences.
S16 zitadel Inactive answers are cached at most 5 s, errors never.
S17 zitadel Only active: true is active.
S18 zitadel An outage is an outage and no refusal; it fails closed and is not cached.
S19 token-review The delay of a revocation is a documented number, and tested.
S20 token-review Callers that wait for one token are capped; cache misses are limited for each source.
S21 config Device flow polls no faster than told; slow_down adds 5 s for good.
S22 config Device flow ends at expires_in; denied, expired and unknown are told apart.
S23 config Device flow backs off exponentially on connection time-outs.
S24 config The device code is never printed; the user code is shown apart from the URL, with a warning of phishing.
S25 config PKCE is sent where it is supported.
S26 config A session stays bound to the subject first seen unless a switch is asked for.
S27 config PKCE S256, exact redirect match, only the loopback port free.
S28 config No implicit and no password grant.
S29 config One refresher across processes; the old token goes only after the new one is durable.
S30 zitadel Each call has the least scope and audience; the broad token never reads for users.
S31 config The issuer in responses and metadata is checked against mix-up.
S32 kit No token in a URL, log, argument, core dump or error.
S33 config Logout revokes, then deletes, and says when revoking failed.
S34 kit Files with tokens are 0600 and replaced atomically.
S35 kubernetes Front-proxy certificates chain to their CA and carry an allowed name; resumed sessions without certificate are refused; a CA change closes what no longer chains.
S36 kubernetes X-Remote-* of anyone else is stripped and audited.
S37 kubernetes Request headers are trimmed, extra keys percent-decoded, sizes capped.
S38 kubernetes A missing UID on a resource path is 401, never a list of everything.
S39 kubernetes Owner or SubjectAccessReview on get, list, delete, deletecollection.
S40 token-review TokenReview echoes its apiVersion and never the token.
S41 token-review A refusal is authenticated: false with no error; an outage is 503 without Retry-After.
S42 token-review The token holds a configured audience; status.audiences are those asked for and mapped.
S43 token-review Names and groups beginning with system: are never emitted.
S44 token-review TLS of at least 1.2, mutual with kube-apiserver, certificates reloaded without dropping connections.
S45 kubernetes Discovery and OpenAPI are right even when Zitadel is down; unknown encodings are 406.
S46 kubernetes No invented resourceVersion; watch is listed only where served.
S47 events Webhooks are checked by HMAC over the raw body in constant time; age at most 300 s, future at most 30 s.
S48 events Replays are known by instance, aggregate and sequence.
S49 events Two signing keys pass during rotation; unsigned only with a flag, on loopback.
S50 events Bodies at most 1 MiB, time limits for headers, reading and idling, JSON depth capped.
S51 events Durable first, then 2xx within 1 s; non-2xx never asks for a repeat.
S52 events No field of a payload chooses a URL or organization without a look-up.
S53 zitadel NotFound is acted on only after a canary read of the same instance.
S54 sync A sweep brakes at max(5 users, 5 %) and asks a person.
S55 sync The last owner or administrator is never disabled.
S56 directory Every external call has an idempotency record before it is made.
S57 directory After a create the organization is compared, else the user is quarantined.
S58 sync Every switch of organization is audited with actor, from, to and reason.
S59 kit Secrets are redacted by type, not by pattern.
S60 openbao Leeways of roles are set explicitly, audiences and subject bound.
S61 release Dependencies audited, image signed, SBOM, non-root, read-only file system.
F1 kubernetes Deleting a session checks that the caller owns it.
F2 token-review A refused TokenReview carries no status.error, so that kube-apiserver caches it.
F3 token-review An outage of Zitadel is no refusal, and its body is not echoed.
F4 token-review Audiences are checked and returned, groups too.
F5 token-review The Kubernetes user name is not the mutable mail address.
F6 kit Outgoing calls have time limits; servers limit bodies and times.
F7 events The same webhook delivered twice is no error.
F8 kubernetes Customizing a token stores nothing in Zitadel.
F9 events Identity providers are told by what they are; events out of order overwrite nothing newer.
F10 kubernetes Lists of keys go beyond 100; getting one key reads one.
F11 kubernetes Deactivating an inactive user succeeds, and drift is checked.
F12 kubernetes Keys have a limited life and are rotated.
F13 kubernetes The message about public keys names those that pass, and no others.
F14 kubernetes A session's creationTimestamp is when it was created.
F15 kubernetes Without allowed names the server does not start; an empty UID is refused.
F16 kubernetes An organization that exists already is adopted, not failed on.
`;

/** All requirements, in the order of their numbers. */
export const requirements: readonly Requirement[] = rows
  .trim()
  .split('\n')
  .map((row) => {
    const [, id = '', area = '', text = ''] = /^(\S+) (\S+) (.*)$/.exec(row) ?? [];
    return { id, area: area as Area, text };
  });
