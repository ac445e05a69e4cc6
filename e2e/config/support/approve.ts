import type { Browser } from 'playwright-core';

/** Somebody of the emulated Zitadel. */
export interface Person {
  readonly loginName: string;
  readonly password: string;
}

/** Opens the page that a device sign-in names, types its code, and lets the device in as that person. Resolves to what the page then says. */
export async function approveInBrowser(
  browser: Browser,
  { link, code }: { readonly link: string; readonly code: string },
  { loginName, password }: Person,
): Promise<string> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(link);
    await page.fill('#user_code', code);
    await page.fill('#loginName', loginName);
    await page.fill('#password', password);
    await page.click('button[value=allow]');
    await page.waitForSelector('h1');
    return await page.innerText('main');
  } finally {
    await context.close();
  }
}
