import {
  type Exchange,
  faultsComplaint,
  isAmount,
  isFaults,
  mayControl,
  parseObject,
} from '../../shared/index.ts';
import type { OpenbaoControls } from '../controls.ts';
import type { Kernel } from '../kernel.ts';
import { readBody, sendErrors, sendJson } from './http.ts';

/** Whether a path belongs to the controls. */
export function isControlsPath(path: string): boolean {
  return path === '/emulator/controls';
}

/**
 * The controls for other processes of this machine, never for a web page. GET shows, POST changes what it names, DELETE sets all back.
 * `sealed` seals the server or unseals it without keys.
 */
export async function serveControls(kernel: Kernel, exchange: Exchange): Promise<void> {
  const { request, method } = exchange;
  const { controls } = kernel.outside;
  if (!mayControl(request))
    return sendErrors(exchange, 403, ['The controls are for programs on this machine.']);
  if (method === 'DELETE') controls.reset();
  else if (method === 'POST') {
    const body = parseObject(await readBody(request));
    if (!body) return sendErrors(exchange, 400, ['The body must be a JSON object.']);
    const complaint = apply(kernel, body);
    if (complaint !== undefined) return sendErrors(exchange, 400, [complaint]);
  } else if (method !== 'GET') {
    exchange.response.setHeader('allow', 'GET, POST, DELETE');
    return sendErrors(exchange, 405, []);
  }
  sendJson(exchange, 200, { ...controls.get(), sealed: kernel.runtime.sealed });
}

/** What is wrong with settings; nothing where they were taken. */
function apply(kernel: Kernel, fields: Readonly<Record<string, unknown>>): string | undefined {
  const { latencyMs, quota, faults, sealed, outage, standby } = fields;
  const controls: OpenbaoControls = kernel.outside.controls;
  if (latencyMs !== undefined && !isAmount(latencyMs)) return 'latencyMs must be a number of milliseconds.';
  if (quota !== undefined && quota !== null && !isAmount(quota))
    return 'quota must be null or calls a second.';
  for (const [name, value] of Object.entries({ sealed, outage, standby })) {
    if (value !== undefined && typeof value !== 'boolean') return `${name} must be true or false.`;
  }
  if (faults !== undefined && !isFaults(faults)) return faultsComplaint;
  controls.set({
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(typeof outage === 'boolean' ? { outage } : {}),
    ...(typeof standby === 'boolean' ? { standby } : {}),
    ...(quota === undefined ? {} : { quota }),
    ...(faults === undefined ? {} : { faults }),
  });
  if (typeof sealed === 'boolean') kernel.runtime.sealed = sealed;
  return undefined;
}
