import { type CredentialFolder, credentialFile, signingKeysFile } from '../credential-folder.ts';
import { keyOf } from '../names.ts';
import type { ZitadelSetupPlan } from '../plan/index.ts';
import type { ZitadelWish } from '../wish/index.ts';

/** A credential in the folder. */
export interface SetupCredential {
  readonly kind: 'key' | 'secret';
  /** Name in the folder. */
  readonly file: string;
  readonly path: string;
  /** Whether the folder has it. */
  readonly isHere: boolean;
}

/** What others have to know of a Zitadel that was set up. No secret is in it, only where secrets are. */
export interface SetupValues {
  readonly issuer: string;
  readonly organization: string;
  /** Name in the wish to id. */
  readonly projects: Readonly<Record<string, string>>;
  /** By `project/application`. */
  readonly applications: Readonly<
    Record<string, { readonly id: string; readonly clientId: string; readonly credential?: SetupCredential }>
  >;
  readonly accounts: Readonly<Record<string, { readonly id: string; readonly credential?: SetupCredential }>>;
  readonly targets: Readonly<Record<string, string>>;
  /** File with the signing keys of the targets. */
  readonly signingKeys?: string;
}

/** Collects what there is after a setup. */
export async function setupValues(
  issuer: string,
  { projects, accounts }: ZitadelWish,
  { organizationId, present }: ZitadelSetupPlan,
  folder: CredentialFolder,
): Promise<SetupValues> {
  const credential = async (holder: string, kind: 'key' | 'secret'): Promise<SetupCredential> => {
    const file = credentialFile(holder, kind);
    return { kind, file, path: folder.pathOf(file), isHere: (await folder.read(file)) !== undefined };
  };
  const applications = Object.entries(projects).flatMap(([project, wished]) =>
    Object.entries(wished.applications).flatMap(([name, one]) => {
      const key = `${project}/${name}`;
      const found = present.applications.get(key);
      const kind: 'key' | 'secret' | undefined =
        one.kind === 'api' ? 'key' : one.kind === 'web' && one.secret ? 'secret' : undefined;
      return found ? [{ key, holder: keyOf.application(project, name), kind, ...found }] : [];
    }),
  );
  return {
    issuer,
    organization: organizationId,
    projects: Object.fromEntries(present.projects),
    applications: Object.fromEntries(
      await Promise.all(
        applications.map(async ({ key, holder, kind, id, clientId }) => [
          key,
          { id, clientId, ...(kind ? { credential: await credential(holder, kind) } : {}) },
        ]),
      ),
    ),
    accounts: Object.fromEntries(
      await Promise.all(
        [...present.accounts].map(async ([name, id]) => [
          name,
          {
            id,
            ...(accounts[name]?.key ? { credential: await credential(keyOf.account(name), 'key') } : {}),
          },
        ]),
      ),
    ),
    targets: Object.fromEntries(present.targets),
    ...(present.targets.size > 0 ? { signingKeys: folder.pathOf(signingKeysFile) } : {}),
  };
}
