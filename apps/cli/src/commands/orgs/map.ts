import type { Directory, Organization } from '../../client/index.ts';
import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { ask, confirm, stateWord, thousands } from '../../terminal/index.ts';
import { carriedOut, type Flags, requireDone } from '../shared.ts';
import { mappingOf } from './list.ts';

/** `drawbridge orgs create SLUG` */
export async function createOrganization(context: Context, slug: string, flags: Flags): Promise<void> {
  const { terminal } = context;
  const { name = slug } = flags as { name?: string };
  await withDirectory(context, flags, async (directory) => {
    const organization = await directory.call('POST /api/organizations', { body: { slug, name } });
    if (terminal.json) terminal.document({ schema: 'drawbridge.organization/v1', organization });
    else {
      terminal.answer(
        `${organization.slug}  ${stateWord(mappingOf(organization)).text}  organization ${organization.id}`,
      );
      terminal.note(
        `Sign-in is closed until it is mapped.  drawbridge orgs map ${slug} ZITADEL_ID --reason "…"`,
      );
    }
  });
}

/** `drawbridge orgs map ORGANIZATION ZITADEL_ID` */
export async function mapOrganization(
  context: Context,
  idOrSlug: string,
  zitadelOrgId: string,
  flags: Flags,
): Promise<void> {
  await change(context, idOrSlug, zitadelOrgId, flags, async (directory, organization) => {
    if (organization.zitadelOrgId === null || organization.zitadelOrgId === zitadelOrgId) return undefined;
    const users = await usersOf(directory, organization);
    return `${organization.name} moves to ${zitadelOrgId}. Its ${users} stay in ${organization.zitadelOrgId}, which loses its grant: they cannot sign in here.`;
  });
}

/** `drawbridge orgs unmap ORGANIZATION` */
export async function unmapOrganization(context: Context, idOrSlug: string, flags: Flags): Promise<void> {
  await change(context, idOrSlug, null, flags, async (directory, organization) => {
    const users = await usersOf(directory, organization);
    return `${organization.name} loses its grant: its ${users} cannot sign in here.`;
  });
}

/** @param consequence what is taken away by it, if anything: that has to be confirmed */
async function change(
  context: Context,
  idOrSlug: string,
  zitadelOrgId: string | null,
  flags: Flags,
  consequence: (directory: Directory, organization: Organization) => Promise<string | undefined>,
): Promise<void> {
  const { terminal, signal } = context;
  const {
    wait,
    yes = false,
    reason: said,
    netbirdProject,
  } = flags as {
    wait: boolean;
    yes?: boolean;
    reason?: string;
    netbirdProject?: string;
  };
  await withDirectory(context, flags, async (directory) => {
    const before = await directory.call('GET /api/organizations/{id}', { params: { id: idOrSlug } });
    const lost = await consequence(directory, before);
    const reason = await ask(terminal, { flag: '--reason', given: said, text: 'A reason' }, signal);
    if (lost !== undefined) await confirm(terminal, { consequence: lost, type: before.slug, yes }, signal);
    const body = {
      organization: before.id,
      zitadelOrgId,
      reason,
      ...(netbirdProject === undefined ? {} : { netbirdProjectId: netbirdProject }),
    };
    const started = await directory.call('POST /api/zitadel/org-mapping', { body });
    const run = await carriedOut(context, directory, started.run, { wait });
    const organization = wait
      ? await directory.call('GET /api/organizations/{id}', { params: { id: before.id } })
      : started.organization;
    if (terminal.json) terminal.document({ schema: 'drawbridge.organization-mapped/v1', organization, run });
    else if (!wait) terminal.answer(`${before.slug}  started  run ${run.id}`);
    else if (run.state === 'done')
      terminal.answer(
        `${organization.slug}  ${stateWord(mappingOf(organization)).text}${organization.zitadelOrgId === null ? '' : `  ${organization.zitadelOrgId}`}  run ${run.id}`,
      );
    if (wait) requireDone(run);
  });
}

async function usersOf(directory: Directory, { id }: Organization): Promise<string> {
  const { total = 0 } = await directory.call('GET /api/users', {
    query: { organization: id, limit: 1, count: true },
  });
  return `${thousands(total)} user${total === 1 ? '' : 's'}`;
}
