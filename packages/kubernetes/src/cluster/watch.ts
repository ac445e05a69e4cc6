import { DrawbridgeError, parseJson, translateFetchError } from '@drawbridge/kit';
import type { Connection } from './connection.ts';
import { translateStatus } from './errors.ts';
import type { WatchOptions } from './object-client.ts';
import type { KubeObject, ResourceType, WatchEvent } from './objects.ts';
import { isRecord, readObject } from './reading.ts';

/** No object is larger than 3 MiB, and a DELETED line carries one. */
const longestLine = 8 * 1024 * 1024;

/** Opens one watch and gives its events; see `ObjectClient.watch`. */
export async function* watchObjects<T extends KubeObject>(
  connection: Connection,
  { path, type }: { readonly path: string; readonly type: ResourceType<T> },
  { resourceVersion, timeoutSeconds = 300, idleMs = 120_000, signal, ...filter }: WatchOptions,
): AsyncGenerator<WatchEvent<T>> {
  const ending = new AbortController();
  // A dead connection says nothing: neither an end nor an error.
  let timer = setTimeout(() => ending.abort(), idleMs);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => ending.abort(), idleMs);
  };
  try {
    const response = await connection.open(
      {
        method: 'GET',
        path,
        query: {
          ...filter,
          watch: 'true',
          allowWatchBookmarks: 'true',
          resourceVersion,
          timeoutSeconds: String(timeoutSeconds),
        },
      },
      { signal: AbortSignal.any([signal, ending.signal]) },
    );
    for await (const line of linesOf(response, alive)) yield eventOf(parseJson(line, path), type, path);
  } catch (error) {
    signal.throwIfAborted();
    // A connection that breaks in the middle of the body is not the call's failure any more: nobody else translates it.
    if (!ending.signal.aborted)
      throw translateFetchError(error, new URL(connection.server + path), undefined, 0);
  } finally {
    clearTimeout(timer);
    // Leaves nothing open where the reader goes away in the middle.
    ending.abort();
  }
}

function eventOf<T extends KubeObject>(line: unknown, type: ResourceType<T>, path: string): WatchEvent<T> {
  const { type: event, object } = isRecord(line) ? line : {};
  switch (event) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type: event, object: readObject<T>(object, type) };
    case 'BOOKMARK': {
      const metadata = isRecord(object) && isRecord(object.metadata) ? object.metadata : {};
      const { resourceVersion } = metadata;
      if (typeof resourceVersion === 'string') return { type: 'BOOKMARK', resourceVersion };
      break;
    }
    case 'ERROR':
      throw translateStatus(object, path);
    default:
  }
  throw new DrawbridgeError('invalid_response', {
    message: 'A watch sent a line that is no event.',
    where: path,
  });
}

async function* linesOf(response: Response, onData: () => void): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    onData();
    rest += decoder.decode(chunk as Uint8Array, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new DrawbridgeError('response_too_large');
    for (const line of lines) if (line.trim() !== '') yield line;
  }
}
