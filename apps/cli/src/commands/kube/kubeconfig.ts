import { isDeepStrictEqual } from 'node:util';
import { DrawbridgeError } from '@drawbridge/kit';

/** A user entry of a kubeconfig. */
export interface KubeUser {
  readonly name: string;
  readonly exec: Readonly<Record<string, unknown>>;
}

interface Named {
  readonly name: string;
}

/**
 * A kubeconfig with this user in it, and the context using it where one is named. Comments, order and everything else stay.
 *
 * @throws {DrawbridgeError} `file_unreadable`, `not_found` for a context that is not there
 */
export async function withUser(
  present: string,
  user: KubeUser,
  contextName: string | undefined,
  path: string,
): Promise<{ readonly text: string; readonly changed: boolean }> {
  const { parseDocument, isMap, isSeq } = await import('yaml');
  const document = parseDocument(present.trim() === '' ? 'apiVersion: v1\nkind: Config\n' : present);
  // The parser quotes what it stumbled over, which may be a key: only that it did is told.
  if (document.errors.length > 0 || !isMap(document.contents))
    throw new DrawbridgeError('file_unreadable', { message: `${path} is not a kubeconfig.`, where: path });
  const before = document.toJS() as unknown;
  const put = (list: string, name: string, entry: Readonly<Record<string, unknown>>) => {
    const items = (document.toJS() as Readonly<Record<string, readonly Named[] | null>>)[list] ?? [];
    if (!isSeq(document.get(list))) document.set(list, document.createNode([]));
    const at = items.findIndex((item) => item.name === name);
    document.setIn([list, at === -1 ? items.length : at], document.createNode(entry));
  };
  put('users', user.name, { name: user.name, user: { exec: user.exec } });
  if (contextName !== undefined) {
    const contexts =
      (document.toJS() as { contexts?: readonly (Named & { context?: object })[] }).contexts ?? [];
    const found = contexts.find(({ name }) => name === contextName);
    if (!found) {
      const known = contexts.map(({ name }) => name).join(', ');
      throw new DrawbridgeError('not_found', {
        message: `There is no context ${contextName} in ${path}.`,
        fix: known === '' ? 'kubectl config get-contexts' : `--context with one of: ${known}`,
      });
    }
    put('contexts', contextName, { name: contextName, context: { ...found.context, user: user.name } });
  }
  const changed = !isDeepStrictEqual(before, document.toJS());
  return { text: changed || present === '' ? document.toString({ lineWidth: 0 }) : present, changed };
}
