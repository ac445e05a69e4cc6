import { type Measurement, round } from '../report.ts';
import { type RunningConsole, settle, slowDown } from './console.ts';
import { manyPeople } from './people.ts';
import { middle } from './samples.ts';

const rounds = 5;
const firstPaintMs = 800;
const usableMs = 1_500;

/** From the address to the first paint, and to a page that can be used. */
export async function* measureLoad(console: RunningConsole): AsyncGenerator<Measurement> {
  const page = await console.open('/o/demo/users', { '/api/users': manyPeople(200) });
  await settle(page);
  await slowDown(page);
  const painted: number[] = [];
  const usable: number[] = [];
  for (let at = 0; at < rounds; at += 1) {
    await page.goto(`${console.url}/o/demo/users`);
    await page.getByText('Person 3', { exact: true }).waitFor();
    const [paint, ready] =
      (await page.evaluate(`new Promise((resolve) => requestAnimationFrame(() => setTimeout(() =>
      resolve([performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, performance.now()]))))`)) as [
        number,
        number,
      ];
    painted.push(paint);
    usable.push(ready);
  }
  yield {
    name: 'first paint',
    value: `${round(middle(painted))} ms`,
    budget: { text: `${firstPaintMs} ms`, kept: middle(painted) <= firstPaintMs },
  };
  yield {
    name: 'usable, with 200 users',
    value: `${round(middle(usable))} ms`,
    budget: { text: `${usableMs} ms`, kept: middle(usable) <= usableMs },
  };
  await page.context().close();
}
