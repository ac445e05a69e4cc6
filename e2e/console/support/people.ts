import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';

/** Makes users through the page's own session, and waits until each run is over. @returns their ids */
export async function makeUsers(page: Page, names: readonly string[]): Promise<readonly string[]> {
  const people = names.map((name) => {
    const [givenName = name, familyName = 'Okafor'] = name.split(' ');
    const email = `${givenName.toLowerCase()}-${randomBytes(3).toString('hex')}@demo.localhost`;
    return { organization: 'demo', email, givenName, familyName, role: 'user' };
  });
  return (await page.evaluate(`(async (people) => {
    const { csrfToken } = await (await fetch('/api/me')).json();
    const ids = [];
    for (const person of people) {
      const answer = await fetch('/api/users', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrf-token': csrfToken, prefer: 'wait=20' },
        body: JSON.stringify(person),
      });
      const body = await answer.json();
      if (!answer.ok) throw new Error(JSON.stringify(body));
      ids.push(body.user.id);
    }
    return ids;
  })(${JSON.stringify(people)})`)) as string[];
}
