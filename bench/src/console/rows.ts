import type { Page } from 'playwright-core';
import { type Measurement, round } from '../report.ts';
import { type RunningConsole, settle, slowDown } from './console.ts';
import { manyPeople } from './people.ts';
import { middle } from './samples.ts';

const count = 10_000;
const mostDrawn = 60;
const longestFrameMs = 50;
const filterMs = 300;
const feedbackMs = 100;

/** A list of ten thousand: what is in the page, how it scrolls, how soon a press answers. */
export async function* measureRows(console: RunningConsole): AsyncGenerator<Measurement> {
  const page = await console.open('/o/demo/users', { '/api/users': manyPeople(count) });
  await page.getByText('Person 3', { exact: true }).waitFor();
  await settle(page);
  await slowDown(page);
  const { frames, drawn } = await scroll(page);
  const most = frames.toSorted((a, b) => a - b)[Math.floor(frames.length * 0.95)] ?? 0;
  yield {
    name: `rows in the page of ${round(count)}, scrolling`,
    value: `${drawn}`,
    budget: { text: `${mostDrawn}`, kept: drawn <= mostDrawn },
  };
  yield {
    name: 'frames while scrolling, 95 of 100 within',
    value: `${round(most)} ms (middle ${round(middle(frames))})`,
    budget: { text: `${longestFrameMs} ms`, kept: most <= longestFrameMs },
  };
  const presses: number[] = [];
  for (let at = 0; at < 7; at += 1) presses.push(await choose(page));
  yield {
    name: 'press on a row until it is shown as chosen',
    value: `${round(middle(presses))} ms`,
    budget: { text: `${feedbackMs} ms`, kept: middle(presses) <= feedbackMs },
  };
  await page.context().close();
  yield* measureFilter(console);
}

/** Scrolls three rows a frame, a screen in an eighth of a second: as fast as a wheel is turned. */
async function scroll(page: Page): Promise<{ readonly frames: readonly number[]; readonly drawn: number }> {
  return (await page.evaluate(`new Promise((resolve) => {
    const frames = [];
    let drawn = 0;
    let last = performance.now();
    const step = (now) => {
      frames.push(now - last);
      last = now;
      drawn = Math.max(drawn, document.querySelectorAll('tr[data-row]').length);
      if (frames.length > 120) resolve({ frames: frames.slice(2), drawn });
      else { window.scrollBy(0, 120); requestAnimationFrame(step); }
    };
    requestAnimationFrame(step);
  })`)) as { frames: number[]; drawn: number };
}

async function choose(page: Page): Promise<number> {
  return (await page.evaluate(`new Promise((resolve) => {
    const box = document.querySelectorAll('tr[data-row] input')[9];
    const was = box.checked;
    const began = performance.now();
    const look = () => {
      if (box.checked === was) return requestAnimationFrame(look);
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now() - began);
      channel.port2.postMessage(0);
    };
    box.click();
    requestAnimationFrame(look);
  })`)) as number;
}

/** From the last letter of a filter to its rows: the pause in which somebody may go on typing included. */
async function* measureFilter(console: RunningConsole): AsyncGenerator<Measurement> {
  const page = await console.open('/o/demo/users');
  await settle(page);
  await slowDown(page);
  const taken: number[] = [];
  await page.locator('tr[data-row]').first().waitFor();
  for (let at = 0; at < 7; at += 1) taken.push(await type(page, at % 2 === 0 ? 'nobody' : ''));
  yield {
    name: 'filter of the server, from the last letter to its rows',
    value: `${round(middle(taken))} ms`,
    budget: { text: `${filterMs} ms`, kept: middle(taken) <= filterMs },
  };
  await page.context().close();
}

async function type(page: Page, text: string): Promise<number> {
  return (await page.evaluate(`new Promise((resolve) => {
    const input = document.querySelector('input[role=combobox][aria-label="Name or mail"]');
    const began = performance.now();
    const look = () => {
      const rows = document.querySelectorAll('tr[data-row]').length;
      if (('${text}' === '') !== (rows > 0)) return requestAnimationFrame(look);
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now() - began);
      channel.port2.postMessage(0);
    };
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, '${text}');
    input.dispatchEvent(new Event('input', { bubbles: true }));
    requestAnimationFrame(look);
  })`)) as number;
}
