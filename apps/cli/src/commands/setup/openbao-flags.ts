import { DrawbridgeError } from '@drawbridge/kit';
import type { CiSetup, TeamSetup } from '@drawbridge/openbao';

/** Reads `name=role@organization`. @throws {DrawbridgeError} `usage` */
export function teamOf(text: string): TeamSetup {
  const [, name, zitadelRole, organizationId] = /^([^=]+)=(.+)@([^@]+)$/.exec(text) ?? [];
  if (name && zitadelRole && organizationId) return { name, zitadelRole, organizationId };
  throw new DrawbridgeError('usage', {
    message: `--team ${text} is not name=role@organization, such as payments=developer@271828.`,
  });
}

/** Reads `github:owner/name`, with `@ref` at its end where only one branch or tag may. @throws {DrawbridgeError} `usage` */
export function ciOf(
  text: string,
  { ciIssuer, ciAudience }: { readonly ciIssuer?: string; readonly ciAudience?: string },
): CiSetup {
  const [, forge, repository, ref] = /^(github|gitlab):([^@]+)(?:@(.+))?$/.exec(text) ?? [];
  if ((forge === 'github' || forge === 'gitlab') && repository) {
    return {
      forge,
      repository,
      ...(ref === undefined ? {} : { ref }),
      ...(ciIssuer === undefined ? {} : { issuer: ciIssuer }),
      ...(ciAudience === undefined ? {} : { audience: ciAudience }),
    };
  }
  throw new DrawbridgeError('usage', {
    message: `--ci ${text} is not forge:owner/name, such as github:acme/shop@refs/heads/main.`,
  });
}
