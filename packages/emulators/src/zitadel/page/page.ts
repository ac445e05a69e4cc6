import { type Exchange, html, serveEmulatorPage } from '../../shared/index.ts';
import type { Controls } from '../controls.ts';
import { findInstance, type HostedInstance } from '../instances.ts';
import { eventsSection, instancesSection, mailsSection, targetsSection, usersSection } from './sections.ts';
import { settingsOf, troubleSection } from './trouble.ts';

/** Serves the page for people, under the name of an instance: what is in the emulator, and switches for trouble. */
export async function servePage(
  instances: readonly [HostedInstance, ...HostedInstance[]],
  controls: Controls,
  exchange: Exchange,
): Promise<void> {
  const { headers } = exchange.request;
  const found = findInstance(instances, headers);
  const { kernel } = 'id' in found ? instances[0] : found;
  const port = /:\d+$/.exec(headers.host ?? '')?.[0] ?? '';
  await serveEmulatorPage(exchange, {
    system: 'Zitadel',
    about: html`${kernel.fresh.instance.name}, as version 4.13.1 would be. For development and tests; nothing here is real.`,
    skipTo: 'switches',
    isOwnName: !('id' in found),
    refusal: 'This page is for browsers on this machine, under the name of an instance.',
    parts: (problem) => [
      instancesSection(instances, port),
      troubleSection(kernel.controls, problem),
      mailsSection(kernel),
      usersSection(kernel),
      targetsSection(kernel),
      eventsSection(kernel),
    ],
    act: (form) => act(controls, form),
  });
}

function act(controls: Controls, form: URLSearchParams): string | undefined {
  if (form.get('do') === 'reset') {
    controls.reset();
    return undefined;
  }
  const settings = settingsOf(form);
  if (typeof settings === 'string') return settings;
  controls.set(settings);
  return undefined;
}
