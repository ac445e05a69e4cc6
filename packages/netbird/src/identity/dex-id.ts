import { DrawbridgeError } from '@drawbridge/kit';

/** Whom a NetBird user stands for at the identity provider. */
export interface Subject {
  /** The `sub` of its tokens, that is Zitadel's user id. */
  readonly subject: string;
  /** Connector of NetBird's embedded identity provider; absent where people sign in to Zitadel directly. */
  readonly connectorId?: string;
}

/** Tag bytes of the two text fields. */
const subjectTag = 0x0a;
const connectorTag = 0x12;

/**
 * The id that NetBird gives a person who signs in through a connector of its embedded identity provider: a protobuf of
 * subject and connector in base64 without padding, each text at most 255 bytes.
 *
 * @throws {DrawbridgeError} `invalid_request` for a text that is too long
 * @see idp/dex/provider.go, EncodeDexUserID
 */
export function dexUserId(subject: string, connectorId: string): string {
  return Buffer.concat([...field(subjectTag, subject), ...field(connectorTag, connectorId)])
    .toString('base64')
    .replace(/=+$/, '');
}

function field(tag: number, text: string): readonly Buffer[] {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > 255) {
    throw new DrawbridgeError('invalid_request', {
      message: 'NetBird has no id for a subject or connector of more than 255 bytes.',
    });
  }
  return [Buffer.from([tag, bytes.length]), bytes];
}

/**
 * Every id that a Zitadel user may have in NetBird: the plain one, and one for each connector that leads to that Zitadel.
 *
 * @example
 * ```ts
 * import { netbirdIdsOf } from '@drawbridge/netbird';
 *
 * netbirdIdsOf('312', ['zitadel']); // ['312', 'CgMzMTISB3ppdGFkZWw']
 * ```
 */
export function netbirdIdsOf(subject: string, connectorIds: readonly string[] = []): readonly string[] {
  return [subject, ...connectorIds.map((connector) => dexUserId(subject, connector))];
}

/**
 * Whom a NetBird user id stands for. Only what is exactly the embedded provider's form is taken apart; every other id is
 * the subject itself.
 *
 * @example
 * ```ts
 * import { subjectOf } from '@drawbridge/netbird';
 *
 * console.log(subjectOf('CgMzMTISB3ppdGFkZWw')); // { subject: '312', connectorId: 'zitadel' }
 * ```
 */
export function subjectOf(netbirdUserId: string): Subject {
  const bytes = Buffer.from(netbirdUserId, 'base64');
  const subject = textAt(bytes, 0, subjectTag);
  const connector = subject && textAt(bytes, subject.next, connectorTag);
  if (!subject || connector?.next !== bytes.length) return { subject: netbirdUserId };
  const found = { subject: subject.text, connectorId: connector.text };
  // What does not come out the same was made by something else.
  return dexUserId(found.subject, found.connectorId) === netbirdUserId ? found : { subject: netbirdUserId };
}

function textAt(bytes: Buffer, at: number, tag: number): { text: string; next: number } | undefined {
  const length = bytes[at + 1];
  if (bytes[at] !== tag || length === undefined || at + 2 + length > bytes.length) return undefined;
  return { text: bytes.toString('utf8', at + 2, at + 2 + length), next: at + 2 + length };
}
