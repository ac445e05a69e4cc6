import { isFaultRule, mayControl, parseObject } from '../../shared/index.ts';
import type { ControlSettings, Controls, Fault } from '../controls.ts';
import { isRpcCode } from '../errors.ts';
import { allQuirks } from '../quirks.ts';
import { noWebhookFaults } from '../webhook-faults.ts';
import { isObject } from '../wire/index.ts';
import { type Exchange, readBody, sendJson } from './http.ts';

/** Where another process of this machine reaches the controls. */
export const controlsPath = '/emulator/controls';

/** GET shows the controls, POST changes what it names, DELETE sets all back. From this machine only, never a web page. */
export async function serveControls(controls: Controls, exchange: Exchange): Promise<void> {
  const { request, response, method } = exchange;
  if (!mayControl(request)) {
    sendJson(response, 403, { error: 'The controls are for programs on this machine.' });
    return;
  }
  if (method === 'POST') {
    const settings = parseSettings(await readBody(request));
    if (typeof settings === 'string') {
      sendJson(response, 400, { error: settings });
      return;
    }
    controls.set(settings);
  } else if (method === 'DELETE') controls.reset();
  else if (method !== 'GET') {
    sendJson(response, 405, { error: 'GET, POST or DELETE' }, { allow: 'GET, POST, DELETE' });
    return;
  }
  sendJson(response, 200, controls.get());
}

function parseSettings(text: string): ControlSettings | string {
  const body = parseObject(text);
  if (!body) return 'The body must be a JSON object.';
  const { lagMs, latencyMs, clockOffsetMs, outage, faults, webhooks, quirks } = body;
  for (const [name, value] of Object.entries({ lagMs, latencyMs, clockOffsetMs })) {
    if (value !== undefined && !Number.isFinite(value)) return `${name} must be a number of milliseconds.`;
  }
  if (outage !== undefined && typeof outage !== 'boolean') return 'outage must be true or false.';
  if (faults !== undefined && !(Array.isArray(faults) && faults.every(isFault))) {
    return 'faults must be a list of {match, times?, status?, code?, message?}.';
  }
  return (
    switchComplaint('webhooks', webhooks, noWebhookFaults) ??
    switchComplaint('quirks', quirks, allQuirks) ??
    (body as ControlSettings)
  );
}

/** What is wrong with a group of switches: a name that is not there, or a value of another type. */
function switchComplaint(group: string, given: unknown, known: object): string | undefined {
  if (given === undefined) return undefined;
  if (!isObject(given)) return `${group} must be an object.`;
  for (const [name, value] of Object.entries(given)) {
    const example: unknown = Object.entries(known).find(([key]) => key === name)?.[1];
    if (example === undefined) return `${group} has no ${name}; it has ${Object.keys(known).join(', ')}.`;
    if (typeof value !== typeof example || (typeof value === 'number' && !(value >= 0))) {
      return `${group}.${name} must be a ${typeof example === 'boolean' ? 'yes or no (true, false)' : 'number of 0 or more'}.`;
    }
  }
  return undefined;
}

function isFault(value: unknown): value is Fault {
  if (!isFaultRule(value)) return false;
  const { code } = value as { readonly code?: unknown };
  return code === undefined || (typeof code === 'string' && isRpcCode(code));
}
