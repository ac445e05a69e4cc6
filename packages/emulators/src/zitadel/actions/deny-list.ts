import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** What Zitadel 4.13 refuses to call unless told otherwise (cmd/defaults.yaml, `Executions.DenyList`). */
export const defaultDenyList: readonly string[] = ['localhost', '127.0.0.0/8', '::1', '0.0.0.0', '::'];

/** Hosts that actions must not reach: names, addresses and networks (internal/actions/http_module_config.go). */
export class DenyList {
  readonly #names = new Set<string>();
  readonly #addresses = new BlockList();
  readonly #empty: boolean;

  /** @param entries host names, addresses, or networks such as `10.0.0.0/8` */
  constructor(entries: readonly string[]) {
    this.#empty = entries.length === 0;
    for (const entry of entries) this.#add(entry);
  }

  /** Whether a URL's host is denied as it is written. */
  denies(url: URL): boolean {
    const host = hostOf(url);
    return this.#names.has(host) || this.#deniesAddress(host);
  }

  /** Whether a URL's host is denied by name or by any address it has now; a name without address is not. */
  async deniesNow(url: URL): Promise<boolean> {
    if (this.#empty) return false;
    if (this.denies(url)) return true;
    const host = hostOf(url);
    if (isIP(host)) return false;
    // A name that means nothing now makes the call fail by itself.
    const found = await lookup(host, { all: true }).catch(() => []);
    return found.some(({ address }) => this.#deniesAddress(address));
  }

  /**
   * Whether a new target may not have a URL: it is denied now, or its name has no address, which could have any later.
   * With nothing to deny no name is looked up.
   */
  async deniesTarget(url: URL): Promise<boolean> {
    if (this.#empty) return false;
    if (await this.deniesNow(url)) return true;
    const host = hostOf(url);
    if (isIP(host)) return false;
    return lookup(host).then(
      () => false,
      () => true,
    );
  }

  #add(entry: string): void {
    const [address = '', prefix] = entry.split('/');
    const version = isIP(address);
    if (version === 0) this.#names.add(entry.toLowerCase());
    else if (prefix === undefined) this.#addresses.addAddress(address, version === 6 ? 'ipv6' : 'ipv4');
    else this.#addresses.addSubnet(address, Number(prefix), version === 6 ? 'ipv6' : 'ipv4');
  }

  #deniesAddress(host: string): boolean {
    const version = isIP(host);
    return version !== 0 && this.#addresses.check(host, version === 6 ? 'ipv6' : 'ipv4');
  }
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
}
