import {
  type Exchange,
  html,
  isPagePath as isSharedPath,
  namesThisMachine,
  serveEmulatorPage,
} from '../../shared/index.ts';
import { version } from '../handlers/index.ts';
import type { Kernel } from '../kernel.ts';
import { eventsSection, mountsSection, secretsSection, sideSection, tokensSection } from './sections.ts';

/** Whether a path belongs to the emulator's own page, which is where upstream's is too. */
export function isPagePath(path: string): boolean {
  return path === '/ui' || path === '/ui/' || isSharedPath(path);
}

/** Serves the page for people: what there is, without any value of a secret, and the switches for trouble. */
export async function servePage(kernel: Kernel, exchange: Exchange): Promise<void> {
  await serveEmulatorPage(exchange, {
    system: 'OpenBao',
    about: html`As version ${version} would be. For development and tests: nothing here is encrypted.`,
    skipTo: 'forms',
    isOwnName: namesThisMachine(exchange),
    refusal: 'This page is for browsers on this machine, by a name of this machine.',
    parts: (problem) => [
      secretsSection(kernel),
      sideSection(kernel, problem),
      mountsSection(kernel),
      tokensSection(kernel),
      eventsSection(kernel),
    ],
    act: (form) => act(kernel, form),
  });
}

/** Does what a form says; the text is what is wrong with it. */
function act(kernel: Kernel, form: URLSearchParams): string | undefined {
  const { controls } = kernel.outside;
  if (form.get('do') === 'reset') {
    controls.reset();
    kernel.runtime.sealed = !kernel.state.isInitialized;
    return undefined;
  }
  const latencyMs = Number(form.get('latencyMs') ?? 0);
  if (!Number.isSafeInteger(latencyMs) || latencyMs < 0) return 'The delay must be a whole number.';
  const quota = form.has('quota') ? (controls.quota ?? 5) : null;
  controls.set({ latencyMs, quota, outage: form.has('outage'), standby: form.has('standby') });
  kernel.runtime.sealed = form.has('sealed');
  return undefined;
}
