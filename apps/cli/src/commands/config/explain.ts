import type { Explanation, SourceExplanation } from '@drawbridge/config';
import type { Context } from '../../context.ts';
import { keyPathOf, openStore, targetOf } from '../../store/index.ts';
import { type Mark, moment, sinceOf } from '../../terminal/index.ts';

/** `drawbridge config explain KEY[.FIELD]`: each source and what it says, and where every field comes from. Nothing secret is shown. */
export async function explainConfig(
  context: Context,
  name: string,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { terminal, signal } = context;
  const { key, field } = keyPathOf(name);
  const store = await openStore(context, flags);
  try {
    const explanation = await store.config.explain(await targetOf(store, key), { signal });
    const fields = explanation.fields.filter(({ path }) => field.length === 0 || path === field.join('.'));
    if (terminal.json) {
      terminal.document({ schema: 'drawbridge.config-explanation/v1', ...explanation, fields });
      return;
    }
    terminal.answer(headOf(name, explanation, fields));
    const width = Math.max(...explanation.sources.map(({ name: source }) => source.length));
    for (const [at, source] of explanation.sources.entries())
      for (const line of sourceLines(context, source, at, width)) terminal.answer(line);
    const origins = new Set(fields.map(({ source }) => source));
    if (origins.size > 1) for (const line of fieldLines(fields)) terminal.answer(line);
    for (const { field: place, message } of explanation.problems)
      terminal.answer(`${terminal.sign('fail', place)} ${message}`);
  } finally {
    await store.close();
  }
}

type Fields = Explanation['fields'];

const secretWords = 'secret   [redacted]   (config get prints it)';

function headOf(name: string, { state, description }: Explanation, fields: Fields): string {
  const [only] = fields;
  const value =
    state !== 'found'
      ? state
      : fields.length === 1 && only && !only.secret
        ? JSON.stringify(only.value)
        : fields.some(({ secret }) => !secret)
          ? `${fields.length} fields`
          : secretWords;
  return [name, value, description].filter((part) => part !== undefined).join('   ');
}

const marks: Readonly<Record<SourceExplanation['state'], Mark>> = {
  found: 'ok',
  fields: 'ok',
  absent: 'skip',
  failed: 'fail',
  not_asked: 'skip',
};

function sourceLines(
  { terminal, flags }: Context,
  { name, state, where, version, at, by, why, cached, error }: SourceExplanation,
  index: number,
  width: number,
): readonly string[] {
  const utc = flags.utc === true;
  const iso = (ms: number) => new Date(ms).toISOString();
  const parts = [
    where,
    version === undefined ? undefined : `version ${version}`,
    at === undefined ? undefined : moment(iso(at), { utc }),
    by === undefined ? undefined : `by ${by}`,
  ];
  const found = parts.filter((part) => part !== undefined).join(', ');
  const text = state === 'not_asked' ? 'not asked' : (error?.message ?? (found || why || ''));
  const head = `  ${index + 1} ${name.padEnd(width)}  `;
  const lines = [`${head}${terminal.sign(marks[state], text)}`];
  if (!cached) return lines;
  const age = agoOf(iso(cached.at));
  const next = cached.stale
    ? `stale${cached.failure === undefined ? '' : `: ${cached.failure}`}`
    : `fresh for ${Math.max(1, Math.round(cached.freshForMs / 60_000))} min more`;
  return [...lines, `${' '.repeat(head.length + 2)}cached ${age}, ${next}`];
}

function agoOf(iso: string): string {
  const since = sinceOf(iso);
  return since === 'now' ? 'just now' : `${since} ago`;
}

function fieldLines(fields: Fields): readonly string[] {
  const names = Math.max(...fields.map(({ path }) => path.length));
  const sources = Math.max(...fields.map(({ source }) => source.length));
  return fields.map(({ path, source, where, secret, value }) => {
    const shown = secret ? '[redacted]' : JSON.stringify(value);
    return `  .${path.padEnd(names)}  ${source.padEnd(sources)}  ${shown}  ${where}`;
  });
}
