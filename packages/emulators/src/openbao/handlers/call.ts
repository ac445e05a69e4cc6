import type { Acl, Capability } from '../access/index.ts';
import { badRequest } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import type { MountState, NamespaceState, TokenRow } from '../store/index.ts';

/** What a request does: POST and PUT are the same, LIST is GET with `?list=true`. */
export type Operation = 'read' | 'write' | 'delete' | 'list' | 'patch';

/** Who calls. */
export interface Caller {
  readonly token: TokenRow;
  readonly acl: Acl;
  /** The token itself, for answers that show it to its holder. */
  readonly secret: string;
}

/** One request, as a handler sees it. */
export interface Call {
  readonly kernel: Kernel;
  readonly operation: Operation;
  readonly namespace: NamespaceState;
  /** Below the mount, or below `sys/`. */
  readonly path: string;
  /** Variable segments of the path, in order. */
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Fields;
  /** Absent where anybody may call. */
  readonly caller?: Caller;
  readonly mount?: MountState;
}

/** A body's fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** What comes of a call; nothing is 204. */
export interface Reply {
  readonly status?: number;
  readonly data?: unknown;
  readonly auth?: unknown;
  readonly warnings?: readonly string[];
  /** A body without the envelope. */
  readonly bare?: unknown;
  /** Data also stands beside the envelope's fields, as some calls of sys have it. */
  readonly isDoubled?: boolean;
}

/** Does what a request asks. Refuses by throwing an ApiError. */
export type Handler = (call: Call) => Reply | undefined | Promise<Reply | undefined>;

/** A path of a backend and what may be done there. */
export interface Route {
  /** `*` is a segment that varies, `**` any rest. */
  readonly path: string;
  readonly handlers: Partial<Record<Operation, Handler>>;
  /** Whether no token is needed. */
  readonly isOpen?: boolean;
  /** Whether an open path asks who calls where a token comes; a bad one is refused then. */
  readonly asksCaller?: boolean;
  /** Whether sudo is needed (vault/logical_system.go, PathsSpecial). */
  readonly needsSudo?: boolean;
  /** Whether there is something at the path already: a write then is an update, else a create. */
  readonly exists?: (call: Call) => boolean;
}

/** The capability that a request needs. */
export function capabilityOf(route: Route, call: Call): Capability {
  if (call.operation !== 'write') return call.operation;
  return route.exists && !route.exists(call) ? 'create' : 'update';
}

/** The variable segment at a place. */
export function idAt({ ids }: Call, at = 0): string {
  return ids[at] ?? '';
}

/** A text field; what is missing is empty. @throws {ApiError} 400 */
export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (value === undefined || value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw badField(name, 'string');
}

/** A truth; what is missing is as given. @throws {ApiError} 400 */
export function flag(fields: Fields, name: string, otherwise = false): boolean {
  const value = fields[name];
  if (value === undefined || value === null) return otherwise;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw badField(name, 'bool');
}

/** A list of texts, also as one text with commas; nothing where it is missing. @throws {ApiError} 400 */
export function texts(fields: Fields, name: string): readonly string[] | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value === '' ? [] : value.split(',').map((one) => one.trim());
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw badField(name, 'list of strings');
}

/** An object; nothing where it is missing. @throws {ApiError} 400 */
export function object(fields: Fields, name: string): Fields | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value as Fields;
  throw badField(name, 'object');
}

/** A whole number; nothing where it is missing. @throws {ApiError} 400 */
export function integer(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  const number = Number(value);
  if (!Number.isSafeInteger(number) || value === '') throw badField(name, 'integer');
  return number;
}

/** Numbers of versions. @throws {ApiError} 400 */
export function numbers(fields: Fields, name: string): readonly number[] {
  const list = [fields[name] ?? []].flat().map(Number);
  if (!list.every(Number.isSafeInteger)) throw badField(name, 'list of integers');
  return list;
}

const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400 };

/** A duration in seconds: a number of them, or a text such as `1h30m`; nothing where it is missing. @throws {ApiError} 400 */
export function seconds(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return Math.trunc(value);
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value);
  if (typeof value === 'string' && /^-?(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(value)) {
    const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
    const sum = parts.reduce(
      (all, [, amount, unit]) => all + Number(amount) * (unitSeconds[unit ?? 's'] ?? 1),
      0,
    );
    return Math.trunc(value.startsWith('-') ? -sum : sum);
  }
  throw badField(name, 'duration');
}

/** Seconds as Go writes a duration. */
export function duration(total: number): string {
  if (total === 0) return '0s';
  const [h, m, s] = [Math.floor(total / 3_600), Math.floor((total % 3_600) / 60), total % 60];
  return `${h > 0 ? `${h}h` : ''}${h > 0 || m > 0 ? `${m}m` : ''}${s}s`;
}

/** A list as data, or 404 where it is empty. */
export function keysReply(keys: Iterable<string>): Reply {
  const list = [...keys].toSorted();
  return { ...(list.length === 0 ? { status: 404 } : {}), data: { keys: list } };
}

function badField(name: string, type: string) {
  return badRequest(`Field validation failed: error converting input for field "${name}": expected ${type}`);
}
