import type { JwtConfig, JwtRole } from '../services/index.ts';

/** How OpenBao is to be. What is not named here is left alone. */
export interface WantedOpenbao {
  /** KV version 2 engines. */
  readonly kv?: readonly string[];
  /** Name → text. */
  readonly policies?: Readonly<Record<string, string>>;
  readonly jwt?: readonly WantedJwt[];
  /** Mounts of userpass methods. Their users are people's and not written here. */
  readonly userpass?: readonly string[];
}

/** A JWT method with its configuration and roles. */
export interface WantedJwt {
  readonly mount: string;
  readonly config: JwtConfig;
  /** Name → role. */
  readonly roles: Readonly<Record<string, JwtRole>>;
}

/** What the setup for developers, teams and CI is made from. */
export interface HarmonySetup {
  /** Zitadel's issuer, byte for byte. */
  readonly issuer: string;
  /** Whose tokens count: ids of the application or the project in Zitadel. */
  readonly audiences: readonly string[];
  /** URL of the keys where OpenBao cannot reach the issuer by its own name, such as that of `drawbridge relay`. Default: discovery. */
  readonly jwksUrl?: string;
  /** PEM of the authority that the server of the keys is to be trusted by. */
  readonly ca?: string;
  /** Default `jwt`. */
  readonly mount?: string;
  /** Default `harmony-developer`. */
  readonly role?: string;
  /** Lifetime of tokens between renewals, in seconds. Default one hour. */
  readonly ttlSeconds?: number;
  /** Lifetime whatever is renewed, in seconds. Default twelve hours. */
  readonly maxTtlSeconds?: number;
  readonly teams?: readonly TeamSetup[];
  readonly ci?: readonly CiSetup[];
}

/** A team: who has a role in Zitadel reads and writes a folder of its own. */
export interface TeamSetup {
  /** Name of folder, policy and role: letters, digits, `-` and `_`. */
  readonly name: string;
  /** Key of the role in the Zitadel project. */
  readonly zitadelRole: string;
  /** Organization whose members count. */
  readonly organizationId: string;
}

/** Jobs of a forge that sign in with its own tokens. */
export interface CiSetup {
  readonly forge: 'github' | 'gitlab';
  /** `owner/name`, or GitLab's project path. No patterns. */
  readonly repository: string;
  /** Branch or tag, as the forge writes it: `refs/heads/main` for GitHub, `main` for GitLab. Default: any. */
  readonly ref?: string;
  /** What its tokens are made for. Default: the URL of the forge. */
  readonly audience?: string;
  /** URL of the forge's issuer. Default that of github.com or gitlab.com. */
  readonly issuer?: string;
  /** Folder that jobs may read. Default `harmony`. */
  readonly folder?: string;
}
