import type { DrawbridgeError } from '@drawbridge/kit';
import { wrap } from './format.ts';

/**
 * An error for a person: what happened, where, what was seen, why it likely is so, what to do. Usage errors and a
 * missing sign-in are one sentence.
 */
export function describeError(
  error: DrawbridgeError,
  options: { readonly debug?: boolean; readonly requestId?: string; readonly columns?: number } = {},
): string {
  const { columns = Number.POSITIVE_INFINITY } = options;
  // What is to be done stays whole: a command is copied as one line.
  const broken = (text: string, indent: number) =>
    wrap(text, columns - indent).join(`\n${' '.repeat(indent)}`);
  const { code, message, info, problems } = error;
  if (info.exit === 2 || info.exit === 3) {
    const advice = error.fix ? ` ${error.fix}` : '';
    const single =
      problems.length === 0
        ? ''
        : `\n${problems.map(({ field, message: text }) => `  ${field} ${text}`).join('\n')}`;
    return `${broken(`error[${code}]: ${message}${advice}`, 2)}${single}${stack(error, options.debug)}`;
  }
  const rows: [string, string | undefined][] = [
    ['where', error.where],
    ['saw', error.saw],
    ['why', error.why],
    ['do', error.fix],
  ];
  const width = Math.max(0, ...rows.filter(([, text]) => text).map(([label]) => label.length));
  const lines = rows.flatMap(([label, text]) =>
    text ? [`  ${label.padEnd(width)}  ${label === 'do' ? text : broken(text, width + 4)}`] : [],
  );
  for (const { field, message: text } of problems) lines.push(`  ${field} ${text}`);
  if (options.requestId) lines.push(`  request ${options.requestId}`);
  return [broken(`error[${code}]: ${message}`, 2), ...lines].join('\n') + stack(error, options.debug);
}

/** The same as one JSON document, with the fields of problem details. */
export function errorDocument(error: DrawbridgeError, requestId?: string): string {
  return JSON.stringify({
    type: `urn:drawbridge:error:${error.code}`,
    title: error.info.message,
    status: error.info.status,
    detail: error.message,
    code: error.code,
    ...(error.where ? { where: error.where } : {}),
    ...(error.saw ? { saw: error.saw } : {}),
    ...(error.why ? { why: error.why } : {}),
    ...(error.fix ? { fix: error.fix } : {}),
    ...(error.problems.length > 0 ? { problems: error.problems } : {}),
    ...(requestId ? { requestId } : {}),
  });
}

function stack(error: Error, debug = false): string {
  if (!debug) return '';
  const causes: string[] = [];
  for (let at: unknown = error; at instanceof Error && causes.length < 8; at = at.cause)
    causes.push(at.stack ?? at.message);
  return `\n\n${causes.join('\ncaused by ')}`;
}
