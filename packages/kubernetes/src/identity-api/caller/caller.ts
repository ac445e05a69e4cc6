/** Who a request is of. */
export interface Caller {
  /** User name in Kubernetes, for messages, logs and reviews. */
  readonly username: string;
  /** User id in Zitadel; empty where who calls has none, as kube-apiserver's own probes. */
  readonly uid: string;
  readonly groups: readonly string[];
  /** Keys are lower-case. */
  readonly extra: Readonly<Record<string, readonly string[]>>;
  /** Who vouches: kube-apiserver in front, or the caller's own token. */
  readonly source: 'front-proxy' | 'bearer';
}

/** Name that kube-apiserver gives to whoever shows nothing. */
const anonymous = 'system:anonymous';

/** Whether the caller may reach resources at all: it has to be somebody, with an id. */
export function isSomebody({ uid, username, groups }: Caller): boolean {
  return uid !== '' && username !== anonymous && !groups.includes('system:unauthenticated');
}

/** The one value of an extra; nothing where there is none, or where there are several. */
export function extraOf({ extra }: Caller, key: string): string | undefined {
  const values = Object.hasOwn(extra, key) ? extra[key] : undefined;
  return values?.length === 1 && values[0] !== '' ? values[0] : undefined;
}
