import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { AccountBody, CreatedTokenBody, GroupBody, UserBody } from '@drawbridge/netbird';
import type { Person } from '../../netbird/index.ts';
import type { NetbirdContractTarget } from './target.ts';

/** An answer, its body read. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly json: unknown;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';

/** One caller, and the things it made that have to go again. */
export class Wire {
  readonly target: NetbirdContractTarget;
  readonly #undo: (() => Promise<unknown>)[] = [];

  constructor(target: NetbirdContractTarget) {
    this.target = target;
  }

  /** Sends a request. `authorization` replaces the target's token; empty for none. A text as body is sent as it is. */
  async send(method: Method, path: string, body?: unknown, authorization?: string): Promise<Answer> {
    const header = authorization ?? `Token ${this.target.token}`;
    const response = await this.target.fetch(`${this.target.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(header ? { authorization: header } : {}) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    return {
      status: response.status,
      type,
      text,
      json: type.startsWith('application/json') ? JSON.parse(text) : undefined,
    };
  }

  /** Sends a request that has to succeed, which is always 200. */
  async ok<T>(method: Method, path: string, body?: unknown, authorization?: string): Promise<T> {
    const answer = await this.send(method, path, body, authorization);
    assert.equal(answer.status, 200, `${method} ${path}: ${answer.text}`);
    return answer.json as T;
  }

  /** Sends a request that has to be refused with this status and text. */
  async refused(
    status: number,
    message: string | RegExp,
    method: Method,
    path: string,
    body?: unknown,
    authorization?: string,
  ): Promise<void> {
    const answer = await this.send(method, path, body, authorization);
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
    const refusal = answer.json as { readonly message: string; readonly code: number };
    assert.equal(refusal.code, status);
    if (typeof message === 'string') assert.equal(refusal.message, message);
    else assert.match(refusal.message, message);
  }

  /** Remembers how to remove something. */
  undo(work: () => Promise<unknown>): void {
    this.#undo.push(work);
  }

  async serviceUser(role = 'user', autoGroups: readonly string[] = []): Promise<UserBody> {
    const body = { role, auto_groups: autoGroups, is_service_user: true, name: unique('service') };
    const user = await this.ok<UserBody>('POST', '/api/users', body);
    this.undo(() => this.send('DELETE', `/api/users/${user.id}`));
    return user;
  }

  async group(name = unique('group')): Promise<GroupBody> {
    const group = await this.ok<GroupBody>('POST', '/api/groups', { name });
    this.undo(() => this.send('DELETE', `/api/groups/${group.id}`));
    return group;
  }

  async tokenOf(userId: string): Promise<CreatedTokenBody> {
    return this.ok('POST', `/api/users/${userId}/tokens`, { name: 'contract', expires_in: 1 });
  }

  async user(id: string): Promise<UserBody | undefined> {
    return (await this.ok<readonly UserBody[]>('GET', '/api/users')).find((user) => user.id === id);
  }

  async self(): Promise<UserBody> {
    const users = await this.ok<readonly UserBody[]>('GET', '/api/users');
    const self = users.find((user) => user.is_current);
    assert.ok(self, 'the caller is in the list');
    return self;
  }

  async all(): Promise<GroupBody> {
    const [all] = await this.ok<readonly GroupBody[]>('GET', '/api/groups?name=All');
    assert.ok(all);
    return all;
  }

  async account(): Promise<AccountBody> {
    const [account] = await this.ok<readonly AccountBody[]>('GET', '/api/accounts');
    assert.ok(account);
    return account;
  }

  /** Changes settings of the account until the case is over. */
  async settings(change: Readonly<Record<string, unknown>>): Promise<void> {
    const { id, settings } = await this.account();
    await this.ok('PUT', `/api/accounts/${id}`, { settings: { ...settings, ...change } });
    this.undo(() => this.send('PUT', `/api/accounts/${id}`, { settings }));
  }

  /** Lets first sign-ins in at once, or makes them wait. */
  async approval(required: boolean): Promise<void> {
    const { settings } = await this.account();
    await this.settings({ extra: { ...settings.extra, user_approval_required: required } });
  }

  /** A person signs in with a token: the header to send, and the id that NetBird gives them. They are removed afterwards. */
  async person(person: Person): Promise<string> {
    const { accessToken } = this.target;
    assert.ok(accessToken);
    this.undo(() => this.send('DELETE', `/api/users/${person.sub}`));
    return `Bearer ${await accessToken(person)}`;
  }

  /** Removes what was made, newest first. */
  async clean(): Promise<void> {
    for (const undo of this.#undo.toReversed()) await undo();
  }
}

/** Somebody whom nobody knows yet. */
export function newPerson(more: Partial<Person> = {}): Person {
  const sub = String(310_000_000_000_000_000n + BigInt(`0x${randomUUID().slice(0, 8)}`));
  return { sub, email: `${unique('kim')}@example.com`, name: 'Kim Contract', ...more };
}

/** A name that nobody else uses. */
export function unique(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 13)}`;
}

/** Runs a case, and cleans up after it however it ends. */
export function withWire(work: (wire: Wire) => Promise<void>) {
  return async (target: NetbirdContractTarget): Promise<void> => {
    const wire = new Wire(target);
    try {
      await work(wire);
    } finally {
      await wire.clean();
    }
  };
}
