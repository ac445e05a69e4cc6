import { type Exchange, html, namesThisMachine, serveEmulatorPage } from '../../shared/index.ts';
import { connectDevice, signInAs } from '../devices.ts';
import { ApiError } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import { eventsSection, groupsSection, peersSection, sideSection, usersSection } from './sections.ts';

/** What upstream has where the page offers a switch: its limits, where they are turned on. */
const upstreamLimit = { perMinute: 6, burst: 500 };

/** Serves the page for people: what is in the account, and what one would do by hand. */
export async function servePage(kernel: Kernel, exchange: Exchange): Promise<void> {
  await serveEmulatorPage(exchange, {
    system: 'NetBird',
    about: html`${kernel.state.domain}, as version 0.77 would be. For development and tests; there is no network behind it.`,
    skipTo: 'forms',
    isOwnName: namesThisMachine(exchange),
    refusal: 'This page is for browsers on this machine, by a name of this machine.',
    parts: (problem) => [
      usersSection(kernel),
      sideSection(kernel.outside.controls, problem),
      peersSection(kernel),
      groupsSection(kernel),
      eventsSection(kernel),
    ],
    act: async (form) => {
      const problem = act(kernel, form);
      await kernel.log.flushed();
      return problem;
    },
  });
}

/** Does what a form says; the text is what is wrong with it. */
function act(kernel: Kernel, form: URLSearchParams): string | undefined {
  const { controls } = kernel.outside;
  const field = (name: string) => form.get(name)?.trim() ?? '';
  const person = { sub: field('sub'), email: field('email'), name: field('name') };
  const needsPerson = ['sign-in', 'device'].includes(field('do'));
  if (needsPerson && person.sub === '') return 'The Zitadel user id is needed.';
  try {
    switch (field('do')) {
      case 'sign-in':
        signInAs(kernel, person);
        return undefined;
      case 'device':
        connectDevice(kernel, person, field('device') || 'device');
        return undefined;
      case 'reset':
        controls.reset();
        return undefined;
      default: {
        const latencyMs = Number(field('latencyMs'));
        if (!Number.isSafeInteger(latencyMs) || latencyMs < 0) return 'The delay must be a whole number.';
        const rateLimit = form.has('rateLimit') ? (controls.rateLimit ?? upstreamLimit) : null;
        controls.set({ latencyMs, outage: form.has('outage'), rateLimit });
        return undefined;
      }
    }
  } catch (error) {
    if (error instanceof ApiError) return `NetBird refuses: ${error.text}.`;
    throw error;
  }
}
