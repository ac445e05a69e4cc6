import { DrawbridgeError, validators } from '@drawbridge/kit';
import {
  type BuiltinOptions,
  builtinWish,
  checkWish,
  mergeWish,
  readWishFile,
  type SetupJob,
  setupJobs,
  type WishInput,
  type ZitadelWish,
} from '@drawbridge/stack';

/** Flags that say what is wished. */
export interface WishFlags {
  readonly job?: readonly string[];
  readonly file?: string;
  readonly publicUrl?: string;
  readonly openbaoUi?: string;
  readonly actionsUrl?: string;
  readonly ui?: string;
  readonly accessToken?: string;
  readonly organization?: string;
}

/** The built-in wish with the file on top. @throws {DrawbridgeError} `usage`, `invalid_settings` */
export async function wishOf(flags: WishFlags): Promise<ZitadelWish> {
  const base: WishInput = {
    ...builtinWish(builtinOptions(flags)),
    ...(flags.organization === undefined ? {} : { organization: flags.organization }),
  };
  if (flags.file === undefined) return checkWish(base, 'the flags');
  return checkWish(mergeWish(base, await readWishFile(flags.file)), flags.file);
}

function builtinOptions({
  job,
  publicUrl,
  openbaoUi,
  actionsUrl,
  ui,
  accessToken,
}: WishFlags): BuiltinOptions {
  if (ui !== undefined && ui !== 'zitadel' && ui !== 'custom')
    throw new DrawbridgeError('usage', { message: '--ui is zitadel or custom.' });
  if (accessToken !== undefined && accessToken !== 'keep') {
    const read = validators.duration({ min: 60_000 })(accessToken);
    if (!('value' in read))
      throw new DrawbridgeError('usage', { message: '--access-token is at least 1m, such as 15m, or keep.' });
  }
  const jobs = job === undefined ? undefined : jobsOf(job);
  requireUrl(jobs, 'openbao', '--openbao-ui', openbaoUi);
  requireUrl(jobs, 'actions-server', '--actions-url', actionsUrl);
  return {
    ...(jobs === undefined ? {} : { jobs }),
    ...(publicUrl === undefined ? {} : { publicUrl: originOf('--public-url', publicUrl) }),
    ...(openbaoUi === undefined ? {} : { openbaoUrl: originOf('--openbao-ui', openbaoUi) }),
    ...(actionsUrl === undefined ? {} : { actionsUrl: originOf('--actions-url', actionsUrl) }),
    ...(ui === undefined ? {} : { ui }),
    ...(accessToken === undefined ? {} : { accessToken }),
  };
}

function jobsOf(names: readonly string[]): readonly SetupJob[] {
  if (names.includes('all')) return setupJobs;
  return names.map((name) => {
    const job = setupJobs.find((one) => one === name);
    if (job) return job;
    throw new DrawbridgeError('usage', {
      message: `There is no job ${name}; there are ${setupJobs.join(', ')}.`,
    });
  });
}

/** The actions server without a URL still reads events; OpenBao without one has nothing to be made. */
function requireUrl(
  jobs: readonly SetupJob[] | undefined,
  job: SetupJob,
  flag: string,
  url: string | undefined,
): void {
  if (url === undefined && job === 'openbao' && jobs?.includes(job) && jobs !== setupJobs)
    throw new DrawbridgeError('usage', { message: `--job ${job} needs ${flag}.` });
  if (url !== undefined && jobs && !jobs.includes(job))
    throw new DrawbridgeError('usage', {
      message: `${flag} is for the job ${job}, which is not among --job.`,
    });
}

function originOf(flag: string, text: string): string {
  const url = URL.parse(text);
  if (
    url &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.pathname === '/' &&
    url.search === ''
  )
    return url.origin;
  throw new DrawbridgeError('usage', { message: `${flag} ${text} is not scheme, host and port alone.` });
}
