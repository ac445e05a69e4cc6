import assert from 'node:assert/strict';
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { retry } from '@drawbridge/kit';
import type { MethodName, ResponseOf } from '@drawbridge/zitadel';
import { type ListedEvents, type LooseAnswer, type OAuthAnswer, WireError } from './answers.ts';
import type { ContractTarget } from './target.ts';

/** Services by their short names, as cases call them. */
const services = {
  user: 'zitadel.user.v2.UserService',
  org: 'zitadel.org.v2.OrganizationService',
  project: 'zitadel.project.v2.ProjectService',
  application: 'zitadel.application.v2.ApplicationService',
  authorization: 'zitadel.authorization.v2.AuthorizationService',
  administrator: 'zitadel.internal_permission.v2.InternalPermissionService',
  instance: 'zitadel.instance.v2.InstanceService',
  session: 'zitadel.session.v2.SessionService',
  action: 'zitadel.action.v2.ActionService',
  oidc: 'zitadel.oidc.v2.OIDCService',
  idp: 'zitadel.idp.v2.IdentityProviderService',
} as const;

type Service = keyof typeof services;

type Answer<S extends Service, M extends string> = `${(typeof services)[S]}/${M}` extends infer Name
  ? Name extends MethodName
    ? ResponseOf<Name>
    : LooseAnswer
  : never;

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly details?: unknown;
}

/** Scope without which a machine's token is of no use on the API. */
export const apiScope = 'openid urn:zitadel:iam:org:project:id:zitadel:aud';

/** Key fields that signing an assertion takes. */
export interface SigningKey {
  readonly keyId: string;
  readonly key: string;
  readonly userId: string;
}

/** Signs an assertion; `claims` replaces the usual ones. */
export function assertion(key: SigningKey, audience: string, claims: Record<string, unknown> = {}): string {
  const now = Math.floor(Date.now() / 1_000);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = encode({ alg: 'RS256', kid: key.keyId });
  const standard = {
    iss: key.userId,
    sub: key.userId,
    aud: audience,
    iat: now - 5,
    exp: now + 60,
    jti: randomUUID(),
  };
  const body = encode({ ...standard, ...claims });
  const signature = sign('sha256', Buffer.from(`${head}.${body}`), createPrivateKey(key.key));
  return `${head}.${body}.${signature.toString('base64url')}`;
}

/** Posts a form and reads JSON. */
export async function postForm(
  target: ContractTarget,
  path: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: OAuthAnswer }> {
  const answer = await target.fetch(target.issuer + path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as OAuthAnswer };
}

/** Asks for a token with an assertion. */
export function jwtToken(target: ContractTarget, key: SigningKey, scope: string = apiScope) {
  return postForm(target, '/oauth/v2/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: assertion(key, target.issuer),
    scope,
  });
}

/** One caller, and the things it made that have to go again. */
export class Wire {
  readonly target: ContractTarget;
  readonly #token: string;
  readonly #undo: (() => Promise<unknown>)[] = [];

  constructor(target: ContractTarget, token: string) {
    this.target = target;
    this.#token = token;
  }

  /** Calls a method over Connect. @throws {WireError} */
  async call<S extends Service, M extends string>(
    service: S,
    method: M,
    body: unknown = {},
  ): Promise<Answer<S, M>> {
    this.target.onCall?.(`${services[service]}/${method}`);
    const answer = await this.target.fetch(`${this.target.issuer}/${services[service]}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.headers.get('content-type')?.startsWith('application/json')) {
      throw new WireError(answer.status, 'none', text, false);
    }
    if (answer.ok) return JSON.parse(text) as Answer<S, M>;
    const error = JSON.parse(text) as ErrorBody;
    throw new WireError(answer.status, error.code ?? '', error.message ?? '', error.details !== undefined);
  }

  /** Calls the REST gateway. @throws {WireError} */
  async rest<T = ListedEvents>(method: string, path: string, body: unknown): Promise<T> {
    const answer = await this.target.fetch(this.target.issuer + path, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new WireError(answer.status, 'rest', text, false);
    return JSON.parse(text) as T;
  }

  /** Checks that a call is refused with this code and, if given, this id. */
  async refused(code: string, id: string | undefined, service: Service, method: string, body: unknown = {}) {
    const error = await this.call(service, method, body).then(
      () => assert.fail(`${method} was expected to be refused with ${code} ${id ?? ''}`),
      (caught: unknown) => caught,
    );
    assert.ok(error instanceof WireError, String(error));
    assert.equal(error.code, code, error.message);
    if (id !== undefined) assert.equal(error.id, id, error.message);
    return error;
  }

  /** Remembers how to remove something. */
  undo(service: Service, method: string, body: unknown): void {
    this.#undo.push(() => this.call(service, method, body));
  }

  /** Removes what was made, newest first. What is gone already is fine. */
  async clean(): Promise<void> {
    for (const undo of this.#undo.toReversed()) {
      await undo().catch((error: unknown) => {
        if (!(error instanceof WireError) || error.code !== 'not_found') throw error;
      });
    }
  }
}

/** Repeats a check until it holds: lists may lag, so nothing that rests on one is certain at once. */
export async function eventually<T>(check: () => Promise<T>, timeoutMs = 15_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  return retry(check, {
    attempts: 1_000,
    baseMs: 50,
    maxMs: 500,
    retryable: () => Date.now() < deadline,
  });
}

/** A name that nobody else uses. */
export function unique(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 13)}`;
}

/** Runs a case as the service account, and cleans up after it however it ends. */
export async function asOwner(target: ContractTarget, work: (wire: Wire) => Promise<void>): Promise<void> {
  const { status, body } = await jwtToken(target, target.serviceAccountKey);
  assert.equal(status, 200, body.error);
  const wire = new Wire(target, body.access_token ?? '');
  try {
    await work(wire);
  } finally {
    await wire.clean();
  }
}
