import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { AuthBody, Envelope } from '@drawbridge/openbao';
import type { OpenbaoContractTarget } from './target.ts';

/** An answer, its body read. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: unknown;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';

/** Headers in place of the usual ones; an empty token is none. */
interface As {
  readonly token?: string;
  readonly namespace?: string;
  readonly type?: string;
}

/** One caller, and the things it made that have to go again. */
export class Wire {
  readonly target: OpenbaoContractTarget;
  readonly #undo: (() => Promise<unknown>)[] = [];

  constructor(target: OpenbaoContractTarget) {
    this.target = target;
  }

  /** Sends a request. A text as body is sent as it is. */
  async send(method: Method, path: string, body?: unknown, as: As = {}): Promise<Answer> {
    const token = as.token ?? this.target.token;
    const response = await this.target.fetch(`${this.target.url}/v1${path}`, {
      method,
      redirect: 'manual',
      headers: {
        'content-type': as.type ?? 'application/json',
        ...(token === '' ? {} : { 'x-vault-token': token }),
        ...(as.namespace === undefined ? {} : { 'x-vault-namespace': as.namespace }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, json: text === '' ? undefined : JSON.parse(text) };
  }

  /** Sends a request that has to give data. */
  async data<T>(method: Method, path: string, body?: unknown, as?: As): Promise<T> {
    const answer = await this.send(method, path, body, as);
    assert.equal(answer.status, 200, `${method} ${path}: ${answer.text}`);
    return (answer.json as Envelope<T>).data as T;
  }

  /** Sends a request that has to give a token. */
  async auth(path: string, body: unknown, as?: As): Promise<AuthBody> {
    const answer = await this.send('POST', path, body, as);
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    const { auth } = answer.json as Envelope;
    assert.ok(auth);
    return auth;
  }

  /** Sends a request that has to succeed without a word. */
  async done(method: Method, path: string, body?: unknown, as?: As): Promise<void> {
    const answer = await this.send(method, path, body, as);
    assert.equal(answer.status, 204, `${method} ${path}: ${answer.text}`);
  }

  /** Sends a request that has to be refused with this status and these texts. */
  async refused(
    status: number,
    texts: readonly (string | RegExp)[],
    method: Method,
    path: string,
    body?: unknown,
    as?: As,
  ): Promise<void> {
    const answer = await this.send(method, path, body, as);
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
    const { errors } = answer.json as { readonly errors: readonly string[] };
    assert.equal(errors.length, texts.length, answer.text);
    for (const [at, text] of texts.entries()) {
      if (typeof text === 'string') assert.equal(errors[at], text);
      else assert.match(errors[at] ?? '', text);
    }
  }

  /** A KV version 2 engine of one's own. */
  async kv(): Promise<string> {
    const mount = unique('kv');
    await this.done('POST', `/sys/mounts/${mount}`, { type: 'kv', options: { version: '2' } });
    this.undo(() => this.send('DELETE', `/sys/mounts/${mount}`));
    // A real one prepares itself for some milliseconds.
    for (let tries = 0; tries < 100; tries++) {
      const { status } = await this.send('GET', `/${mount}/config`);
      if (status === 200) break;
    }
    return mount;
  }

  /** An auth method of one's own. */
  async method(type: 'jwt' | 'userpass'): Promise<string> {
    const mount = unique(type);
    await this.done('POST', `/sys/auth/${mount}`, { type });
    this.undo(() => this.send('DELETE', `/sys/auth/${mount}`));
    return mount;
  }

  /** A policy of one's own. */
  async policy(text: string): Promise<string> {
    const name = unique('policy');
    await this.done('PUT', `/sys/policies/acl/${name}`, { policy: text });
    this.undo(() => this.send('DELETE', `/sys/policies/acl/${name}`));
    return name;
  }

  /** A token with these policies. */
  async token(fields: object): Promise<AuthBody> {
    const auth = await this.auth('/auth/token/create', fields);
    this.undo(() => this.send('POST', '/auth/token/revoke', { token: auth.client_token }));
    return auth;
  }

  /** Notes what has to go again. */
  undo(work: () => Promise<unknown>): void {
    this.#undo.push(work);
  }

  async cleanUp(): Promise<void> {
    for (const work of this.#undo.toReversed()) await work();
  }
}

/** A case that gets a wire and cleans up after itself, whether it holds or not. */
export function withWire(check: (wire: Wire) => Promise<void>) {
  return async (target: OpenbaoContractTarget): Promise<void> => {
    const wire = new Wire(target);
    try {
      await check(wire);
    } finally {
      await wire.cleanUp();
    }
  };
}

/** A name that nobody else has. */
export function unique(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`;
}
