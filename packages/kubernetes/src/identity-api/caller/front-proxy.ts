import { DrawbridgeError, type Problem } from '@drawbridge/kit';

/** Who may say for whom a request is, and in which headers. Names of headers are compared without regard to case. */
export interface FrontProxyTrust {
  /** Common names of the certificates that are kube-apiserver's. Never empty: any certificate of the authority would do. */
  readonly allowedNames: readonly string[];
  /** Default `X-Remote-User`. */
  readonly usernameHeaders: readonly string[];
  /** Default `X-Remote-Uid`. */
  readonly uidHeaders: readonly string[];
  /** Default `X-Remote-Group`. */
  readonly groupHeaders: readonly string[];
  /** Default `X-Remote-Extra-`. */
  readonly extraPrefixes: readonly string[];
}

const standard = {
  usernameHeaders: ['X-Remote-User'],
  uidHeaders: ['X-Remote-Uid'],
  groupHeaders: ['X-Remote-Group'],
  extraPrefixes: ['X-Remote-Extra-'],
} as const;

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Fills in what kube-apiserver's flags leave out, and refuses what would trust too many.
 *
 * @throws {DrawbridgeError} `invalid_settings` with every mistake: no allowed name, a name that is no header's
 * @example
 * ```ts
 * import { settleFrontProxy } from '@drawbridge/kubernetes';
 *
 * console.log(settleFrontProxy({ allowedNames: ['front-proxy-client'] }).uidHeaders); // [ 'X-Remote-Uid' ]
 * ```
 */
export function settleFrontProxy(given: Partial<FrontProxyTrust>): FrontProxyTrust {
  const orStandard = (list: readonly string[] | undefined, usual: readonly string[]) =>
    list === undefined || list.length === 0 ? usual : list;
  const trust: FrontProxyTrust = {
    allowedNames: (given.allowedNames ?? []).filter((name) => name !== ''),
    usernameHeaders: orStandard(given.usernameHeaders, standard.usernameHeaders),
    uidHeaders: orStandard(given.uidHeaders, standard.uidHeaders),
    groupHeaders: orStandard(given.groupHeaders, standard.groupHeaders),
    extraPrefixes: orStandard(given.extraPrefixes, standard.extraPrefixes),
  };
  const { allowedNames, ...headers } = trust;
  const problems: Problem[] = Object.entries(headers).flatMap(([field, names]) =>
    names
      .filter((name) => !token.test(name))
      .map((name) => ({ field, message: `has ${JSON.stringify(name)}, which is no name of a header` })),
  );
  if (allowedNames.length === 0) {
    problems.push({
      field: 'requestheader-allowed-names',
      message: 'is empty: every certificate of the authority could then act for anybody',
    });
  }
  if (problems.length > 0)
    throw new DrawbridgeError('invalid_settings', {
      message: 'The front proxy cannot be trusted so.',
      problems,
    });
  return trust;
}

/** Whether a header is one in which somebody is named, the standard ones included. */
export function namesSomebody(header: string, trust: FrontProxyTrust | undefined): boolean {
  const name = header.toLowerCase();
  if (name.startsWith('x-remote-')) return true;
  if (trust === undefined) return false;
  const names = [...trust.usernameHeaders, ...trust.uidHeaders, ...trust.groupHeaders];
  return (
    names.some((one) => one.toLowerCase() === name) ||
    trust.extraPrefixes.some((prefix) => name.startsWith(prefix.toLowerCase()))
  );
}
