import type { Page } from 'playwright-core';
import { type Measurement, round } from '../report.ts';
import { type RunningConsole, settle, slowDown } from './console.ts';
import { manyPeople } from './people.ts';
import { middle } from './samples.ts';

const rounds = 9;
const goalMs = 100;
const names = [
  'Overview',
  'Users',
  'Runs',
  'Imports',
  'Sweeps',
  'Sessions',
  'Service accounts',
  'Audit',
  'Settings',
] as const;

interface Change {
  /** Milliseconds from the press until the page is painted, as far as the screen shows it. */
  readonly painted: number;
  /** Until everything is, what is below the screen and the charts included. */
  readonly whole: number;
}

/** From the press on a link of the navigation to a page that was seen before. */
export async function* measureChanges(console: RunningConsole): AsyncGenerator<Measurement> {
  const page = await console.open('/o/demo/users', { '/api/users': manyPeople(200) });
  for (const name of names) {
    await change(page, name);
    await settle(page);
  }
  await slowDown(page);
  const taken = new Map<string, Change[]>(names.map((name) => [name, []]));
  for (let at = 0; at < rounds; at += 1) {
    for (const name of names) taken.get(name)?.push(await change(page, name));
  }
  for (const [name, changes] of taken) {
    const painted = middle(changes.map((one) => one.painted));
    const whole = middle(changes.map((one) => one.whole));
    yield {
      name: `change to ${name}, seen before`,
      value: `${round(painted)} ms (whole ${round(whole)})`,
      budget: { text: `${goalMs} ms`, kept: painted <= goalMs },
    };
  }
  await page.context().close();
}

async function change(page: Page, name: string): Promise<Change> {
  return (await page.evaluate(`new Promise((resolve) => {
    const link = [...document.querySelectorAll('nav[aria-label=Pages] a')].find((one) => one.textContent.startsWith('${name}'));
    const began = performance.now();
    let painted;
    let last = began;
    // Nothing drawn for a while: the page is whole.
    const watch = () => {
      const observer = new MutationObserver(() => { last = performance.now(); });
      observer.observe(document.querySelector('main'), { childList: true, subtree: true, attributes: true });
      const quiet = () => {
        if (performance.now() - last < 250) return setTimeout(quiet, 50);
        observer.disconnect();
        resolve({ painted, whole: Math.max(painted, last - began) });
      };
      setTimeout(quiet, 50);
    };
    const look = () => {
      if (document.querySelector('main h1')?.textContent !== '${name}') return requestAnimationFrame(look);
      const channel = new MessageChannel();
      channel.port1.onmessage = () => { painted = performance.now() - began; watch(); };
      channel.port2.postMessage(0); // after the frame in which the page stands was painted
    };
    link.click();
    requestAnimationFrame(look);
  })`)) as Change;
}
