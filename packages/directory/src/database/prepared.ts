import type { ClientBase } from 'pg';

/** Texts that one connection keeps; each costs PostgreSQL some kilobytes. Further ones are planned each time, as usual. */
const most = 200;

/**
 * Has PostgreSQL plan each kind of write once a connection, and not each time: the same few statements are written for every step of
 * every run, and to plan one costs as much as to carry it out. Reads are left alone: what a filter leaves of a table, and so the best
 * plan, differs from value to value.
 */
export function prepareWrites(client: Pick<ClientBase, 'query'>): void {
  const names = new Map<string, string>();
  const query = client.query.bind(client) as (...given: readonly unknown[]) => unknown;
  const prepared = (...given: readonly unknown[]): unknown => {
    const [text, values] = given;
    if (given.length !== 2 || typeof text !== 'string' || !Array.isArray(values) || !isWrite(text))
      return query(...given);
    const name = names.get(text) ?? (names.size < most ? `w${names.size}` : undefined);
    if (name === undefined) return query(...given);
    names.set(text, name);
    return query({ name, text, values });
  };
  client.query = prepared as ClientBase['query'];
}

/** Not those that return whole rows: a newer version's migration that adds a column would make them fail on old connections. */
function isWrite(text: string): boolean {
  return /^(?:update|insert|with "held")/.test(text) && !/returning \*/.test(text);
}
