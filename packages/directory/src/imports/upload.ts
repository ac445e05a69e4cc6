import { DrawbridgeError, newId } from '@drawbridge/kit';
import { recordAudit } from '../audit/index.ts';
import { findOrganization } from '../organizations/index.ts';
import type { Asked, UserRequests } from '../users/index.ts';
import { type PlannedRow, RowChecker } from './check.ts';
import { type Content, contentOf, type Layout, readHeader } from './columns.ts';
import { defaultImportLimits, type ImportLimits, readCsv } from './csv.ts';

export interface UploadImport extends Asked {
  readonly organizationId: string;
  readonly fileName: string;
  readonly file: AsyncIterable<Uint8Array>;
  /** Role keys that the caller may give. */
  readonly givable: ReadonlySet<string>;
  /** Default: {@link defaultImportLimits}. */
  readonly limits?: ImportLimits;
}

/** Rows checked and written together. */
const batchRows = 500;

/**
 * Takes a file in and says what would become of each row. Nobody is created or changed before the import is started. The
 * file is read once, as it arrives; a file that cannot be read leaves nothing behind.
 *
 * @returns the import's id
 * @throws {DrawbridgeError} `import_unreadable`, `import_too_large`, `organization_not_mapped`
 */
export async function uploadImport(
  { database, engine }: Pick<UserRequests, 'database' | 'engine'>,
  upload: UploadImport,
): Promise<string> {
  const { organizationId, fileName, file, givable, actor, requestId } = upload;
  const organization = await findOrganization(database, organizationId);
  if (!organization) throw new DrawbridgeError('organization_unknown');
  if (organization.zitadel_org_id === null) {
    throw new DrawbridgeError('organization_not_mapped', {
      message: `${organization.name} is not mapped to an organization in Zitadel.`,
    });
  }
  const roles = await database.read((db) => db.selectFrom('roles').select('key').orderBy('key').execute());
  const checker = new RowChecker(database, { organization, roles: roles.map(({ key }) => key), givable });
  const id = newId({ now: () => engine.clock.now() });
  await database.read((db) =>
    db
      .insertInto('imports')
      .values({
        id,
        organization_id: organizationId,
        file_name: fileName,
        state: 'reading',
        requested_by: actor,
        request_id: requestId ?? null,
        created_at: engine.now(),
      })
      .execute(),
  );
  try {
    let total = 0;
    let creates = 0;
    for await (const rows of batches(readCsv(file, upload.limits ?? defaultImportLimits))) {
      const planned = await checker.check(rows);
      await write(database, id, planned);
      total += planned.length;
      creates += planned.filter(({ plan }) => plan === 'create').length;
    }
    if (total === 0) throw new DrawbridgeError('import_unreadable', { message: 'The file has no rows.' });
    await database.transaction(async (trx) => {
      const mails = organization.sign_in === 'idp' ? 0 : creates;
      await trx.updateTable('imports').set({ state: 'checked', total, mails }).where('id', '=', id).execute();
      await recordAudit(trx, {
        organizationId,
        actor,
        action: 'import.check',
        objectType: 'import',
        objectId: id,
        to: { fileName, rows: total },
        ...(requestId === undefined ? {} : { requestId }),
        at: engine.now(),
      });
    });
    return id;
  } catch (error) {
    await database.read((db) => db.deleteFrom('imports').where('id', '=', id).execute());
    throw error;
  }
}

interface Row {
  readonly row: number;
  readonly content: Content;
}

async function* batches(records: ReturnType<typeof readCsv>): AsyncGenerator<Row[]> {
  let layout: Layout | undefined;
  let batch: Row[] = [];
  for await (const { line, cells } of records) {
    if (!layout) {
      layout = readHeader(cells);
      continue;
    }
    // Rows of separators alone are what spreadsheets leave where somebody was deleted.
    if (cells.every((cell) => cell === '')) continue;
    batch.push({ row: line, content: contentOf(layout, cells) });
    if (batch.length < batchRows) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function write(
  database: UserRequests['database'],
  importId: string,
  planned: readonly PlannedRow[],
): Promise<void> {
  await database.read((db) =>
    db
      .insertInto('import_rows')
      .values(
        planned.map(({ row, plan, content, userId, field, code, message }) => ({
          import_id: importId,
          row,
          plan,
          state: 'planned' as const,
          content: JSON.stringify(content),
          user_id: userId ?? null,
          field: field ?? null,
          code: code ?? null,
          message: message ?? null,
        })),
      )
      .execute(),
  );
}
