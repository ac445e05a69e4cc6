/** What a policy says of one path. */
export interface PathRule {
  readonly path: string;
  readonly capabilities: readonly string[];
}

/** A policy that is not understood. */
export class PolicySyntaxError extends Error {
  override readonly name = 'PolicySyntaxError';
}

const capabilities = ['deny', 'create', 'read', 'update', 'delete', 'list', 'sudo', 'patch', 'scan'];
/** How rules were written before there were capabilities (vault/policy/policy.go). */
const oldWords: Readonly<Record<string, readonly string[]>> = {
  deny: ['deny'],
  read: ['read', 'list'],
  write: ['create', 'read', 'update', 'delete', 'list', 'patch'],
  sudo: ['create', 'read', 'update', 'delete', 'list', 'patch', 'sudo'],
};

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/**
 * Reads a policy, in HCL or JSON (vault/policy/policy.go). Of HCL it takes `path "…" { … }` blocks with attributes, comments and
 * lists. What it does not emulate (constraints on parameters, wrapping, templates) it refuses, since to pass over it would permit more.
 *
 * @throws {PolicySyntaxError}
 */
export function parsePolicy(text: string): readonly PathRule[] {
  const trimmed = text.trim();
  const rules = trimmed.startsWith('{') ? fromJson(trimmed) : new Reader(trimmed).policy();
  return rules.map(([path, body]) => toRule(path, body));
}

type Rules = readonly (readonly [string, { readonly [key: string]: Value }])[];

function fromJson(text: string): Rules {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PolicySyntaxError('it is neither HCL nor JSON');
  }
  const { path } = value as { readonly path?: unknown };
  const other = Object.keys(value as object).find((key) => key !== 'path' && key !== 'name');
  if (other !== undefined) throw new PolicySyntaxError(`invalid key "${other}"`);
  const blocks = Array.isArray(path) ? (path as readonly unknown[]) : [path ?? {}];
  return blocks.flatMap((block) => {
    if (typeof block !== 'object' || block === null) throw new PolicySyntaxError('path must be an object');
    return Object.entries(block as Record<string, unknown>).map(([key, body]) => {
      if (typeof body !== 'object' || body === null)
        throw new PolicySyntaxError(`path "${key}" must hold an object`);
      return [key, body as { [key: string]: Value }] as const;
    });
  });
}

function toRule(path: string, body: { readonly [key: string]: Value }): PathRule {
  const found = new Set<string>();
  for (const [key, value] of Object.entries(body)) {
    if (key === 'capabilities') {
      if (!Array.isArray(value)) throw new PolicySyntaxError(`path "${path}": capabilities must be a list`);
      for (const one of value as readonly Value[]) {
        if (typeof one !== 'string' || !capabilities.includes(one))
          throw new PolicySyntaxError(`path "${path}": invalid capability ${JSON.stringify(one)}`);
        found.add(one);
      }
    } else if (key === 'policy' && typeof value === 'string' && oldWords[value]) {
      for (const one of oldWords[value]) found.add(one);
    } else if (key !== 'comment' && key !== 'description') {
      throw new PolicySyntaxError(`path "${path}": "${key}" is not emulated or no key of a policy`);
    }
  }
  if (path.includes('{{')) throw new PolicySyntaxError(`path "${path}": templates are not emulated`);
  if (path.includes('+*')) throw new PolicySyntaxError(`path "${path}": invalid use of wildcards`);
  // Denial stands alone, whatever is beside it.
  const list = found.has('deny') ? ['deny'] : [...found];
  return { path: path.replace(/^\/+/, ''), capabilities: list };
}

/** Reads the subset of HCL, character by character. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  policy(): Rules {
    const rules: (readonly [string, { readonly [key: string]: Value }])[] = [];
    for (this.#skip(); this.#at < this.#text.length; this.#skip()) {
      const word = this.#word();
      this.#skip();
      if (word === 'name' && this.#peek() === '=') {
        this.#at++;
        this.#value();
        continue;
      }
      if (word !== 'path') throw this.#wrong(`invalid key "${word}"`);
      const path = this.#string();
      rules.push([path, this.#object()]);
    }
    return rules;
  }

  #object(): { readonly [key: string]: Value } {
    this.#expect('{');
    const fields: { [key: string]: Value } = {};
    for (this.#skip(); this.#peek() !== '}'; this.#skip()) {
      const key = this.#peek() === '"' ? this.#string() : this.#word();
      this.#skip();
      if (this.#peek() === '{') fields[key] = this.#object();
      else {
        this.#expect('=');
        fields[key] = this.#value();
      }
      this.#skip();
      if (this.#peek() === ',') this.#at++;
    }
    this.#at++;
    return fields;
  }

  #value(): Value {
    this.#skip();
    const char = this.#peek();
    if (char === '"') return this.#string();
    if (char === '{') return this.#object();
    if (char !== '[') return this.#word();
    this.#at++;
    const list: Value[] = [];
    for (this.#skip(); this.#peek() !== ']'; this.#skip()) {
      list.push(this.#value());
      this.#skip();
      if (this.#peek() === ',') this.#at++;
      else if (this.#peek() !== ']') throw this.#wrong('a comma is missing in a list');
    }
    this.#at++;
    return list;
  }

  #string(): string {
    this.#skip();
    const match = /"((?:[^"\\\n]|\\.)*)"/y;
    match.lastIndex = this.#at;
    const found = match.exec(this.#text);
    if (!found) throw this.#wrong('a text in quotes is missing');
    this.#at = match.lastIndex;
    return (found[1] ?? '').replace(/\\(["\\])/g, '$1');
  }

  #word(): string {
    const match = /[\w.-]+/y;
    match.lastIndex = this.#at;
    const found = match.exec(this.#text);
    if (!found) throw this.#wrong('a word is missing');
    this.#at = match.lastIndex;
    return found[0];
  }

  #expect(char: string): void {
    this.#skip();
    if (this.#peek() !== char) throw this.#wrong(`"${char}" is missing`);
    this.#at++;
  }

  #peek(): string {
    const char = this.#text[this.#at];
    if (char === undefined) throw this.#wrong('it ends too early');
    return char;
  }

  /** Passes over space and comments. */
  #skip(): void {
    const space = /(?:\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
    space.lastIndex = this.#at;
    space.exec(this.#text);
    this.#at = Math.max(this.#at, space.lastIndex);
  }

  #wrong(what: string): PolicySyntaxError {
    const line = this.#text.slice(0, this.#at).split('\n').length;
    return new PolicySyntaxError(`line ${line}: ${what}`);
  }
}
