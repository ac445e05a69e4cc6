import { createPublicKey } from 'node:crypto';
import { normalizedPublicPem, publicPem } from '../crypto.ts';
import { failedPrecondition, notFound } from '../errors.ts';
import type { WebKeyRow } from '../projections/index.ts';
import { generateWebKeyPair, type WebKeyAlgorithm } from '../signing.ts';
import type { AnyDraft } from '../store/index.ts';
import { type Message, timestamp } from '../wire/index.ts';
import type { Answer, Call, Handler } from './call.ts';

const bits = ['UNSPECIFIED', '2048', '3072', '4096'].map((name) => `RSA_BITS_${name}`);
const hashers = ['UNSPECIFIED', 'SHA256', 'SHA384', 'SHA512'].map((name) => `RSA_HASHER_${name}`);
const curves = ['UNSPECIFIED', 'P256', 'P384', 'P512'].map((name) => `ECDSA_CURVE_${name}`);

/** CreateWebKey (internal/command/web_key.go); RSA of 2048 bits and SHA-256 unless told otherwise. */
export const createWebKey: Handler = async (call, input) => {
  call.requireDeclared('iam.web_key.write');
  const { alg, modulusLength } = wantedKey(input);
  const pair = await generateWebKeyPair(alg, modulusLength);
  const id = call.kernel.newId();
  // The private half first: a key of the log always has one.
  await call.kernel.keepWebKey(id, pair.privateKey);
  const event = call.push({
    ...aggregate(call, id),
    type: 'web_key.added',
    payload: { keyId: id, alg, publicKey: publicPem(pair.publicKey) },
  });
  return { id, creationDate: timestamp(event.createdAt) };
};

/** ActivateWebKey: from now on it signs; the one before stays in the JWKS. A repeat is fine. */
export const activateWebKey: Handler = (call, input) => {
  call.requireDeclared('iam.web_key.write');
  const row = call.fresh.webKeys.get(input.id('id'));
  if (!row) throw notFound('COMMAND-teiG3', 'Errors.WebKey.NotFound');
  if (row.active) return { changeDate: timestamp(row.changedAt) };
  const before = [...call.fresh.webKeys.values()].find((key) => key.active);
  const drafts: AnyDraft[] = before
    ? [{ ...aggregate(call, before.id), type: 'web_key.deactivated', payload: {} }]
    : [];
  const event = call.push(...drafts, { ...aggregate(call, row.id), type: 'web_key.activated', payload: {} });
  return { changeDate: timestamp(event.createdAt) };
};

/** DeleteWebKey: missing is fine, the active one stays. What it signed is worth nothing from now on. */
export const deleteWebKey: Handler = (call, input) => {
  call.requireDeclared('iam.web_key.delete');
  const row = call.fresh.webKeys.get(input.id('id'));
  if (!row) return {};
  if (row.active) throw failedPrecondition('COMMAND-Chai1', 'Errors.WebKey.ActiveDelete');
  const event = call.push({ ...aggregate(call, row.id), type: 'web_key.removed', payload: {} });
  return { deletionDate: timestamp(event.createdAt) };
};

export const listWebKeys: Handler = (call) => {
  call.requireDeclared('iam.web_key.read');
  return { webKeys: [...call.fresh.webKeys.values()].map(webKeyMessage) };
};

function webKeyMessage(row: WebKeyRow): Answer {
  return {
    id: row.id,
    creationDate: timestamp(row.createdAt),
    changeDate: timestamp(row.changedAt),
    state: `STATE_${row.active ? 'ACTIVE' : row.retired ? 'INACTIVE' : 'INITIAL'}`,
    ...kindOf(row),
  };
}

function kindOf(row: WebKeyRow): Answer {
  if (row.alg === 'EdDSA') return { ed25519: {} };
  if (row.alg.startsWith('ES')) return { ecdsa: { curve: `ECDSA_CURVE_P${row.alg.slice(2)}` } };
  const key = createPublicKey(normalizedPublicPem(row.publicKey));
  const length = key.asymmetricKeyDetails?.modulusLength ?? 2048;
  return { rsa: { bits: `RSA_BITS_${length}`, hasher: `RSA_HASHER_SHA${row.alg.slice(2)}` } };
}

function wantedKey(input: Message): { readonly alg: WebKeyAlgorithm; readonly modulusLength: number } {
  if (input.has('ed25519')) return { alg: 'EdDSA', modulusLength: 0 };
  const ecdsa = input.message('ecdsa');
  if (ecdsa) {
    const curve = ecdsa.enum('curve', curves);
    return { alg: (['ES256', 'ES256', 'ES384', 'ES512'] as const)[curve] ?? 'ES256', modulusLength: 0 };
  }
  const rsa = input.message('rsa');
  const modulusLength = [2048, 2048, 3072, 4096][rsa?.enum('bits', bits) ?? 0] ?? 2048;
  const hasher = rsa?.enum('hasher', hashers) ?? 0;
  return { alg: (['RS256', 'RS256', 'RS384', 'RS512'] as const)[hasher] ?? 'RS256', modulusLength };
}

function aggregate(call: Call, id: string) {
  return { aggregateType: 'web_key', aggregateId: id, resourceOwner: call.fresh.instance.id } as const;
}
