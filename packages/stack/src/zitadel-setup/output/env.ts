import type { SetupCredential, SetupValues } from './values.ts';

/**
 * What was set up as a file of variables. Where a program takes its own account, the line is a remark: one environment has room for
 * one key, and people have none. So it is where this machine has not got the file: the variable would lead nowhere.
 */
export function setupAsEnv({ issuer, projects, applications, accounts, signingKeys }: SetupValues): string {
  const lines: string[] = [];
  const section = (remark: string, ...entries: readonly (readonly [string, string | undefined])[]) => {
    const known = entries.flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${quoted(value)}`],
    );
    if (known.length > 0) lines.push(`# ${remark}`, ...known);
  };
  const of = (name: string) => applications[`drawbridge/${name}`];
  section('the instance', ['ZITADEL_ISSUER', issuer], ['DRAWBRIDGE_PROJECT_ID', projects.drawbridge]);
  const command = of('command')?.clientId;
  section(
    'drawbridge login, demo --sso',
    ['HARMONY_SSO_URL', command === undefined ? undefined : issuer],
    ['HARMONY_SSO_CLIENT_ID', command],
  );
  const tokenReview = of('token-review')?.credential;
  section(
    'drawbridge authn-webhook',
    ['DRAWBRIDGE_APPLICATION_KEY_PATH', tokenReview?.isHere ? tokenReview.path : undefined],
    ['DRAWBRIDGE_AUDIENCES', tokenReview === undefined ? undefined : projects.drawbridge],
  );
  section('drawbridge actions-server', ['DRAWBRIDGE_SIGNING_KEY_PATH', signingKeys]);
  for (const [name, { id, credential }] of Object.entries(accounts)) {
    lines.push(`# account ${name}: user ${id}`);
    if (credential) lines.push(`#ZITADEL_KEY_PATH=${quoted(credential.path)}${absence(credential)}`);
  }
  for (const [name, { clientId, credential }] of Object.entries(applications)) {
    lines.push(`# application ${name}: client ${clientId}`);
    if (credential) lines.push(`#   its ${credential.kind}: ${credential.path}${absence(credential)}`);
  }
  return `${lines.join('\n')}\n`;
}

function absence({ isHere }: SetupCredential): string {
  return isHere ? '' : '  (not on this machine)';
}

/** As shells and env files read it. */
function quoted(value: string): string {
  return /^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
