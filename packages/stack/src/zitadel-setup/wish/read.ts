import { readFile } from 'node:fs/promises';
import { DrawbridgeError, type Problem, translateFileError } from '@drawbridge/kit';
import { parseDocument, stringify } from 'yaml';
import { applicationId } from '../names.ts';
import type { WishInput } from './builtin.ts';
import { wishSchema, type ZitadelWish } from './schema.ts';

/**
 * Checks a wish and fills in what it left out.
 *
 * @param where what is named in complaints, such as the path of a file
 * @throws {DrawbridgeError} `invalid_settings` with every mistake
 */
export function checkWish(input: unknown, where = 'the wish'): ZitadelWish {
  const read = wishSchema.safeParse(input);
  if (!read.success) {
    throw invalid(
      where,
      read.error.issues.map(({ path, message }) => ({ field: path.join('.') || '(whole)', message })),
    );
  }
  const { projects, accounts } = read.data;
  const problems = [
    ...Object.entries(accounts).flatMap(([name, { authorizations }]) =>
      Object.keys(authorizations)
        .filter((project) => projects[project] === undefined)
        .map((project) => ({
          field: `accounts.${name}.authorizations.${project}`,
          message: 'names no project of the wish',
        })),
    ),
    ...Object.entries(projects).flatMap(([name, { grants, roles }]) =>
      Object.entries(grants).flatMap(([organization, keys]) =>
        keys
          .filter((key) => roles[key] === undefined)
          .map((key) => ({
            field: `projects.${name}.grants.${organization}`,
            message: `names the role ${key}, which the project has not`,
          })),
      ),
    ),
  ];
  problems.push(...twins(read.data));
  if (problems.length > 0) throw invalid(where, problems);
  return read.data;
}

/** Two applications whose ids and files would be one: `a` with `b-c`, and `a-b` with `c`. */
function twins({ projects }: ZitadelWish): readonly Problem[] {
  const names = Object.entries(projects).flatMap(([project, { applications }]) =>
    Object.keys(applications).map((name) => ({ project, name, id: applicationId(project, name) })),
  );
  return names.flatMap(({ project, name, id }, index) => {
    const first = names.findIndex((one) => one.id === id);
    if (first === index) return [];
    const message = `would be mixed up with ${names[first]?.name} of ${names[first]?.project}: both are ${id}`;
    return [{ field: `projects.${project}.applications.${name}`, message }];
  });
}

/**
 * Reads a file with wishes, YAML or JSON, as it is written: {@link checkWish} comes after it was merged.
 *
 * @throws {DrawbridgeError} `file_unreadable`, `invalid_settings` where it is no YAML or no mapping
 */
export async function readWishFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw translateFileError(error, path, 'file_unreadable');
  }
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true });
  const [mistake] = document.errors;
  const value: unknown = mistake ? undefined : document.toJS();
  if (isMapping(value)) return value;
  throw new DrawbridgeError('invalid_settings', {
    message: `${path} does not hold a wish.`,
    where: path,
    saw: mistake?.code ?? 'a document that is not a mapping of keys to values',
  });
}

/** One wish with another on top: mappings are joined, everything else is replaced; `null` takes an entry out. */
export function mergeWish(base: WishInput, over: Readonly<Record<string, unknown>>): unknown {
  return merged(base, over);
}

function merged(base: unknown, over: unknown): unknown {
  if (!isMapping(base) || !isMapping(over)) return over;
  const joined = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    if (value === null) joined.delete(key);
    else joined.set(key, merged(joined.get(key), value));
  }
  return Object.fromEntries(joined);
}

/** A wish as a file that {@link readWishFile} reads. */
export function wishAsYaml(wish: ZitadelWish): string {
  return stringify(wish, { lineWidth: 100 });
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(where: string, problems: readonly Problem[]): DrawbridgeError {
  return new DrawbridgeError('invalid_settings', {
    message: `There are mistakes in ${where}.`,
    where,
    problems,
  });
}
