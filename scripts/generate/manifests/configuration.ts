import { plainNamespace, type Settings } from './values.ts';

/** What all programs read from their environment, as a list of `NAME=value`. */
export function configuration(settings: Settings) {
  const literals = Object.entries(environment(settings)).map(([name, value]) => `${name}=${value}`);
  return { name: 'drawbridge', namespace: plainNamespace, literals };
}

/** The variables of the ConfigMap `drawbridge`. */
export function environment(settings: Settings): Readonly<Record<string, string>> {
  return {
    ZITADEL_ISSUER: settings.of('zitadel.issuer', 'https://sso.acme.example'),
    // Of the webhook alone, which takes it by this key.
    audiences: settings.of('authnWebhook.audiences', '271828459045'),
    DRAWBRIDGE_IDENTITY_GROUPS: settings.of(
      'apiserver.identityGroups',
      'identity.milo.io,identity.miloapis.com',
    ),
  };
}
