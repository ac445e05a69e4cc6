import { DrawbridgeError } from '@drawbridge/kit';
import type { JwtRole } from '../services/index.ts';
import { grouped } from './ci.ts';
import { folderPolicy, leeways } from './policies.ts';
import type { HarmonySetup, TeamSetup, WantedJwt, WantedOpenbao } from './wanted.ts';

/**
 * How OpenBao is to be for developers who sign in with Zitadel: the JWT method bound to issuer and audiences, the policy
 * `harmony-dev`, the role `harmony-developer`, userpass, a folder with role and policy for each team, and a JWT method for each forge.
 * It is data: show it, then compare it with what there is.
 *
 * @throws {DrawbridgeError} `invalid_settings` for a role that would be bound to nothing, or a name that would be another path
 * @example
 * ```ts
 * import { harmonySetup } from '@drawbridge/openbao';
 *
 * const wanted = harmonySetup({ issuer: 'https://sso.acme.example', audiences: ['312'] });
 * console.log(wanted.policies?.['harmony-dev']);
 * ```
 */
export function harmonySetup(setup: HarmonySetup): WantedOpenbao {
  const { issuer, audiences, mount = 'jwt', role = 'harmony-developer', teams = [], ci = [] } = setup;
  if (audiences.length === 0 || audiences.some((one) => one === ''))
    throw invalid('At least one audience is needed: whose tokens count is never left open.');
  const common: JwtRole = {
    boundAudiences: audiences,
    ...leeways,
    ttlSeconds: setup.ttlSeconds ?? 3_600,
    maxTtlSeconds: setup.maxTtlSeconds ?? 43_200,
  };
  const ca = setup.ca === undefined ? {} : { ca: setup.ca };
  const zitadel: WantedJwt = {
    mount,
    config: {
      keys:
        setup.jwksUrl === undefined
          ? { from: 'discovery', url: issuer, ...ca }
          : { from: 'jwks', url: setup.jwksUrl, ...ca },
      boundIssuer: issuer,
      defaultRole: role,
    },
    roles: Object.fromEntries([
      [role, { ...common, policies: ['harmony-dev'] }],
      ...teams.map((team) => [nameOf(team), teamRole(team, common)] as const),
    ]),
  };
  const forges = grouped(ci);
  return {
    kv: ['secret'],
    policies: {
      'harmony-dev': folderPolicy('harmony'),
      ...Object.fromEntries(
        teams.map((team) => [nameOf(team), folderPolicy(`teams/${requireName(team.name)}`)]),
      ),
      ...forges.policies,
    },
    jwt: [zitadel, ...forges.methods],
    userpass: ['userpass'],
  };
}

/**
 * Zitadel writes roles as an object, role → organization → domain, which is no list of groups. A pointer to the organization below the
 * role exists exactly for who has it; the domain may be any.
 */
function teamRole({ name, zitadelRole, organizationId }: TeamSetup, common: JwtRole): JwtRole {
  const pointed = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
  if (zitadelRole === '' || organizationId === '')
    throw invalid(`The team ${name} needs a role and an organization of Zitadel.`);
  const pointer = `/urn:zitadel:iam:org:project:roles/${pointed(zitadelRole)}/${pointed(organizationId)}`;
  return {
    ...common,
    policies: [`team-${requireName(name)}`],
    boundClaims: { [pointer]: '*' },
    boundClaimsType: 'glob',
  };
}

function nameOf({ name }: TeamSetup): string {
  return `team-${requireName(name)}`;
}

/** Policies are text: a name that could end a string in one must not get into it. OpenBao's names are in lower case. */
function requireName(name: string): string {
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name)) throw invalid(`"${name}" is no name for a team.`);
  return name;
}

function invalid(message: string): DrawbridgeError {
  return new DrawbridgeError('invalid_settings', { message });
}
