import { DrawbridgeError } from '@drawbridge/kit';
import type { JwtRole } from '../services/index.ts';
import { leeways, readerPolicy } from './policies.ts';
import type { CiSetup, WantedJwt } from './wanted.ts';

/** What the forges write into the tokens of their jobs. */
const forges = {
  github: {
    issuer: 'https://token.actions.githubusercontent.com',
    audience: 'https://github.com',
    repository: 'repository',
    ref: 'ref',
  },
  gitlab: {
    issuer: 'https://gitlab.com',
    audience: 'https://gitlab.com',
    repository: 'project_path',
    ref: 'ref',
  },
} as const;

/** Methods and policies of the forges: one method each, one role and policy a repository. */
export function grouped(jobs: readonly CiSetup[]): {
  readonly methods: readonly WantedJwt[];
  readonly policies: Readonly<Record<string, string>>;
} {
  const methods = (['github', 'gitlab'] as const).flatMap((forge): readonly WantedJwt[] => {
    const own = jobs.filter((job) => job.forge === forge);
    const issuers = new Set(own.map((job) => job.issuer ?? forges[forge].issuer));
    if (issuers.size > 1) throw invalid(`The jobs of ${forge} name several issuers; a method has one.`);
    return [...issuers].map((issuer) => ({
      mount: forge,
      config: { keys: { from: 'discovery', url: issuer }, boundIssuer: issuer },
      roles: Object.fromEntries(own.map((job) => [nameOf(job), roleOf(job)])),
    }));
  });
  const policies = Object.fromEntries(
    jobs.map((job) => [`${job.forge}-${nameOf(job)}`, readerPolicy(requireFolder(job.folder ?? 'harmony'))]),
  );
  return { methods, policies };
}

function roleOf(job: CiSetup): JwtRole {
  const { forge, repository, ref } = job;
  const names = forges[forge];
  if (/[*?]/.test(repository + (ref ?? '')))
    throw invalid('The jobs of a repository are bound to its exact name, and to an exact ref.');
  return {
    boundAudiences: [job.audience ?? names.audience],
    boundClaims: { [names.repository]: repository, ...(ref === undefined ? {} : { [names.ref]: ref }) },
    boundClaimsType: 'string',
    policies: [`${forge}-${nameOf(job)}`],
    ...leeways,
    // A job is done within that, and its token is for nobody else.
    ttlSeconds: 900,
    maxTtlSeconds: 3_600,
  };
}

/** A repository as the name of a role: in lower case, since OpenBao's are. */
function nameOf({ repository, ref }: CiSetup): string {
  const text = ref === undefined ? repository : `${repository}-${ref}`;
  const name = text.toLowerCase().replace(/[^a-z0-9_.-]+/g, '-');
  if (!/^[a-z0-9]/.test(name) || !repository.includes('/'))
    throw invalid(`"${repository}" is no repository: owner/name is needed.`);
  return name;
}

/** Policies are text: a name that could end a string in one must not get into it. */
function requireFolder(folder: string): string {
  if (!/^[\w-]+(?:\/[\w-]+)*$/.test(folder)) throw invalid(`"${folder}" is no folder.`);
  return folder;
}

function invalid(message: string): DrawbridgeError {
  return new DrawbridgeError('invalid_settings', { message });
}
