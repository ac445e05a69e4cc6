import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Authenticator,
  addOrganization,
  type DatabaseLocation,
  type Directory,
  type DirectoryOptions,
  openDirectory,
  putSiteAdministrator,
  putZitadelIntegration,
} from '@drawbridge/directory';
import {
  createZitadelEmulator,
  type ZitadelEmulator,
  type ZitadelEmulatorOptions,
} from '@drawbridge/emulators';
import { writeFileAtomic } from '@drawbridge/kit';
import { createZitadel, parseServiceAccount, type Zitadel } from '@drawbridge/zitadel';

/** Tokens of these tests are the subject's name itself; `outage` cannot be told. */
export const namesAsTokens: Authenticator = {
  subjectOf: async (token) => (token.startsWith('bad') ? undefined : token),
};

/** An emulated Zitadel with an application project in its first organization and two tenants. */
export interface World {
  readonly emulator: ZitadelEmulator;
  readonly zitadel: Zitadel;
  readonly keyPath: string;
  readonly projectId: string;
  readonly folder: string;
  close(): Promise<void>;
}

export async function openWorld(options: ZitadelEmulatorOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-directory-'));
  const emulator = createZitadelEmulator(options);
  await emulator.start();
  const key = JSON.stringify(emulator.bootstrap.serviceAccountKey);
  const keyPath = join(folder, 'key.json');
  await writeFileAtomic(keyPath, key, { mode: 0o600 });
  const zitadel = createZitadel({
    issuer: emulator.issuer,
    credentials: parseServiceAccount(key),
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const { organizationId } = emulator.bootstrap;
  const project = await zitadel.projects.create({ organizationId, name: 'Application' });
  for (const roleKey of ['admin', 'manager', 'user'])
    await zitadel.projects.addRole(project.id, { roleKey, displayName: roleKey });
  for (const tenant of ['north', 'south'])
    await zitadel.organizations.create({ organizationId: `org-${tenant}`, name: tenant });
  return {
    emulator,
    zitadel,
    keyPath,
    projectId: project.id,
    folder,
    close: async () => {
      await zitadel.close();
      await emulator.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A directory on that world: tenants `north` and `south`, an unmapped one, and the site administrator `root`. */
export async function openDirectoryOn(
  world: World,
  database: DatabaseLocation,
  options: Partial<DirectoryOptions> = {},
): Promise<Directory> {
  const directory = await openDirectory({ database, port: 0, authenticator: namesAsTokens, ...options });
  const known = await directory.database.db
    .selectFrom('organizations')
    .select('id')
    .limit(1)
    .executeTakeFirst();
  const at = new Date();
  await directory.database.transaction(async (trx) => {
    const integrationId = await putZitadelIntegration(trx, {
      name: 'main',
      issuer: world.emulator.issuer,
      projectId: world.projectId,
      clientId: 'unused',
      clientSecret: 'env:UNUSED',
      serviceAccount: `file:${world.keyPath}`,
      actor: 'test',
      at,
    });
    if (known) return;
    for (const slug of ['north', 'south']) {
      await addOrganization(trx, {
        slug,
        name: slug,
        integrationId,
        zitadelOrgId: `org-${slug}`,
        actor: 'test',
        at,
      });
    }
    await addOrganization(trx, { slug: 'unmapped', name: 'unmapped', integrationId, actor: 'test', at });
    await putSiteAdministrator(trx, 'root', 'test', at);
  });
  return directory;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls the API as a subject. */
export async function call(
  directory: Directory,
  subject: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${directory.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${subject}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  };
}

/** Reads a run until it is over or waits for a person. */
export async function settled(
  directory: Directory,
  runId: string,
  until = ['done', 'waiting', 'attention', 'quarantined', 'compensated', 'abandoned'],
): Promise<RunBody> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const { body } = await call(directory, 'root', 'GET', `/api/runs/${runId}`, undefined, {
      prefer: 'wait=1',
    });
    const run = body as unknown as RunBody;
    if (until.includes(run.state)) return run;
    if (Date.now() > deadline)
      throw new Error(`run ${runId} is still ${run.state}: ${JSON.stringify(run.steps)}`);
    // The API answers at once for a run that is over; it limits how often it is asked.
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export interface RunBody {
  readonly id: string;
  readonly state: string;
  readonly code: string | null;
  readonly reason: string | null;
  readonly userId: string;
  readonly choices: readonly string[];
  readonly steps: readonly {
    readonly name: string;
    readonly state: string;
    readonly detail: string | null;
    readonly error: string | null;
    readonly attempts: number;
  }[];
}

/** Events of a type in the emulator's log, which is its truth. */
export function eventsOf(world: World, type: string): readonly { readonly aggregateId: string }[] {
  return [...world.emulator.events].filter((event) => event.type === type);
}

export const ada = {
  organization: 'north',
  email: 'ada@north.example',
  givenName: 'Ada',
  familyName: 'Okafor',
  role: 'manager',
};

/** Asks for a user and gives the run's id. */
export async function createdRun(
  directory: Directory,
  body: object,
  headers: Record<string, string> = {},
): Promise<string> {
  const answer = await call(directory, 'root', 'POST', '/api/users', body, headers);
  if (answer.status !== 202) throw new Error(`expected 202: ${JSON.stringify(answer.body)}`);
  return (answer.body.run as { id: string }).id;
}
