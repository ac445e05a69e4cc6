import type { Secret } from '@drawbridge/kit';
import { parseServiceAccount } from '@drawbridge/zitadel';

const scopes = ['openid', 'profile', 'email', 'offline_access'];

/**
 * A machine's key as Milo's tools read it.
 *
 * @param introspectionProjectId project that the tokens are to be for, where one checks them
 */
export function credentialsDocument(
  keyFile: Secret<string>,
  email: string,
  introspectionProjectId: string | undefined,
): Secret<string> {
  const { userId, keyId, privateKey } = parseServiceAccount(keyFile.expose());
  const audience =
    introspectionProjectId === undefined
      ? []
      : [`urn:zitadel:iam:org:project:id:${introspectionProjectId}:aud`];
  return privateKey.map((key) =>
    JSON.stringify({
      type: 'datum_service_account',
      client_id: userId,
      private_key_id: keyId,
      private_key: key.export({ type: 'pkcs1', format: 'pem' }).toString(),
      client_email: email,
      scope: [...scopes, ...audience].join(' '),
    }),
  );
}
