/** What the server refuses with; it becomes a Status. */
export class Refusal extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: number, reason: string, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  toStatus(): unknown {
    const { code, reason, message, details } = this;
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      ...(details ? { details } : {}),
      code,
    };
  }
}

interface Named {
  readonly group: string;
  readonly plural: string;
}

const full = ({ group, plural }: Named) => (group === '' ? plural : `${plural}.${group}`);
const detailsOf = ({ group, plural }: Named, name: string) => ({
  name,
  kind: plural,
  ...(group === '' ? {} : { group }),
});

export const notFound = (type: Named, name: string) =>
  new Refusal(404, 'NotFound', `${full(type)} "${name}" not found`, detailsOf(type, name));
export const alreadyExists = (type: Named, name: string) =>
  new Refusal(409, 'AlreadyExists', `${full(type)} "${name}" already exists`, detailsOf(type, name));
export const conflict = (type: Named, name: string, why: string) =>
  new Refusal(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${full(type)} "${name}": ${why}`,
    detailsOf(type, name),
  );
export const invalid = (kind: string, name: string, what: string) =>
  new Refusal(422, 'Invalid', `${kind} "${name}" is invalid: ${what}`, { name, kind });
export const badRequest = (message: string) => new Refusal(400, 'BadRequest', message);
export const expired = (message: string) => new Refusal(410, 'Expired', message);
