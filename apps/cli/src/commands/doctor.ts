import { createHttpClient, DrawbridgeError } from '@drawbridge/kit';
import {
  type CheckResult,
  createZitadel,
  loadServiceAccount,
  runChecks,
  type Zitadel,
} from '@drawbridge/zitadel';
import { findKey } from '../connection.ts';
import type { Context } from '../context.ts';
import { checks, type Patient } from '../doctor/index.ts';
import { optionalDatabaseSettings, settingsOf } from '../settings/index.ts';
import { startWait } from '../terminal/index.ts';

/** `drawbridge doctor`: makes the checks, says what is wrong and what to do. Ends 1 when something failed. */
export async function doctor(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const connection = await findKey(context, flags);
  const { issuer, address, keyPath } = connection;
  const { values: database } = await settingsOf(optionalDatabaseSettings, context);
  const http = createHttpClient({
    timeoutMs: 5_000,
    userAgent: 'drawbridge-doctor',
    ...(address === undefined ? {} : { addresses: { [issuer]: address } }),
  });
  let client: Zitadel | undefined;
  const patient: Patient = {
    issuer,
    directory: connection.directory,
    databaseUrl: database.url,
    keyPlace: keyPath,
    fetch: http.fetch,
    signal: context.signal,
    now: () => Date.now(),
    loadKey: () => loadServiceAccount(keyPath, { logger: context.logger('warn') }),
    zitadel: async () => (client ??= createZitadel({ issuer, http, credentials: await patient.loadKey() })),
    skewMs: undefined,
  };
  const results: CheckResult[] = [];
  const wait = startWait(context.terminal, 'checking');
  try {
    for await (const result of runChecks(checks, patient)) {
      results.push(result);
      wait.update(`checked ${result.name}`);
    }
  } finally {
    wait.end();
    await client?.close();
    await http.close();
  }
  report(context, results, flags.all === true);
  const failed = results.filter(({ state }) => state === 'fail');
  if (failed.length > 0)
    throw new DrawbridgeError('check_failed', {
      message: `${failed.map(({ name }) => name).join(', ')} ${failed.length === 1 ? 'fails' : 'fail'}.`,
    });
}

function report(context: Context, results: readonly CheckResult[], all: boolean): void {
  const { terminal } = context;
  if (terminal.json) {
    terminal.document({ schema: 'drawbridge.doctor/v1', checks: results });
    return;
  }
  for (const result of results) {
    if (!all && (result.state === 'ok' || result.state === 'skip')) continue;
    terminal.answer(terminal.line(result.state, [result.name, result.text]));
    if ('means' in result && result.means) terminal.answer(`  means   ${result.means}`);
    if ('fix' in result && result.fix) terminal.answer(`  do      ${result.fix}`);
  }
  const count = (state: CheckResult['state']) => results.filter((result) => result.state === state).length;
  const skipped = results.flatMap((result) =>
    result.state === 'skip' ? [result.text.replace('needs ', '')] : [],
  );
  const parts = [
    `${count('fail')} failed`,
    `${count('warn')} warning${count('warn') === 1 ? '' : 's'}`,
    `${count('ok')} ok`,
    ...(skipped.length > 0 ? [`${skipped.length} skipped (see ${[...new Set(skipped)].join(', ')})`] : []),
  ];
  terminal.answer(`${parts.join(', ')}.${all ? '' : '   --all lists'}`);
}
