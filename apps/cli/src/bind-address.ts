import { DrawbridgeError } from '@drawbridge/kit';

/** An address to listen on. */
export interface BindAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads an address as Go's programs take it: `:8080` for every address of the machine, `127.0.0.1:8080`, `[::1]:8080`.
 *
 * @param flag that it was given by, for the complaint
 * @throws {DrawbridgeError} `usage`
 */
export function parseBindAddress(text: string, flag: string): BindAddress {
  const address = text.startsWith(':') ? `0.0.0.0${text}` : text;
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(address) ?? [];
  if (host === undefined || Number(port) > 65_535)
    throw new DrawbridgeError('usage', { message: `--${flag} is not of the form HOST:PORT.` });
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Where the second server with probes and metrics listens; `0` and nothing stand for none. */
export function metricsAddressOf(text: string | undefined): BindAddress | undefined {
  return text === undefined || text === '0' ? undefined : parseBindAddress(text, 'metrics-bind-address');
}
