import {
  type Exchange,
  faultsComplaint,
  isAmount,
  isFaults,
  mayControl,
  parseObject,
} from '../../shared/index.ts';
import type { RateLimit } from '../access/index.ts';
import type { NetbirdControls } from '../controls.ts';
import { connectDevice, type Person, signInAs } from '../devices.ts';
import { ApiError } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import { readBody, sendJson, sendRefusal } from './http.ts';

const paths = new Set(['/emulator/controls', '/emulator/sign-in', '/emulator/devices']);

/** Whether a path belongs to the controls. */
export function isControlsPath(path: string): boolean {
  return paths.has(path);
}

/**
 * The controls for other processes of this machine, never for a web page. `/emulator/controls`: GET shows, POST changes what
 * it names, DELETE sets all back. `POST /emulator/sign-in {sub, email?, name?}` and `POST /emulator/devices {sub, device}` do
 * what a person would.
 */
export async function serveControls(kernel: Kernel, exchange: Exchange): Promise<void> {
  const { request, method, url } = exchange;
  const { controls } = kernel.outside;
  if (!mayControl(request))
    return sendRefusal(exchange, 403, 'The controls are for programs on this machine.');
  const isSettings = url.pathname === '/emulator/controls';
  if (isSettings && method === 'DELETE') controls.reset();
  else if (method === 'POST') {
    const body = parseObject(await readBody(request));
    if (!body) return sendRefusal(exchange, 400, 'The body must be a JSON object.');
    if (!isSettings) return actFor(kernel, exchange, body);
    const complaint = applySettings(controls, body);
    if (complaint !== undefined) return sendRefusal(exchange, 400, complaint);
  } else if (!isSettings || method !== 'GET') {
    exchange.response.setHeader('allow', isSettings ? 'GET, POST, DELETE' : 'POST');
    return sendRefusal(exchange, 405, 'Method Not Allowed');
  }
  sendJson(exchange, 200, controls.get());
}

function actFor(
  kernel: Kernel,
  exchange: Exchange,
  { sub, email, name, device }: Readonly<Record<string, unknown>>,
): void {
  const connects = exchange.url.pathname === '/emulator/devices';
  if (!isText(sub) || (connects && !isText(device))) {
    sendRefusal(exchange, 400, connects ? 'sub and device are needed.' : 'sub is needed.');
    return;
  }
  const person: Person = {
    sub,
    ...(isText(email) ? { email } : {}),
    ...(isText(name) ? { name } : {}),
  };
  try {
    const id = connects
      ? connectDevice(kernel, person, isText(device) ? device : '').id
      : signInAs(kernel, person);
    sendJson(exchange, 200, { id });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    sendRefusal(exchange, error.status, error.text);
  }
}

/** What is wrong with settings; nothing where they were taken. */
function applySettings(
  controls: NetbirdControls,
  { latencyMs, outage, rateLimit, faults }: Readonly<Record<string, unknown>>,
): string | undefined {
  if (latencyMs !== undefined && !isAmount(latencyMs)) return 'latencyMs must be a number of milliseconds.';
  if (outage !== undefined && typeof outage !== 'boolean') return 'outage must be true or false.';
  if (rateLimit !== undefined && rateLimit !== null && !isRateLimit(rateLimit))
    return 'rateLimit must be null or {perMinute, burst}.';
  if (faults !== undefined && !isFaults(faults)) return faultsComplaint;
  controls.set({
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(outage === undefined ? {} : { outage }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(faults === undefined ? {} : { faults }),
  });
  return undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isRateLimit(value: unknown): value is RateLimit {
  if (typeof value !== 'object' || value === null) return false;
  return 'perMinute' in value && isAmount(value.perMinute) && 'burst' in value && isAmount(value.burst);
}
