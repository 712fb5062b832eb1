import type { Page, Request } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { HomePage } from '../pages/home-page.ts';
import { hydrated } from '../pages/layout.ts';
import { LoginPage } from '../pages/login-page.ts';
import { cookieModes } from '../support/modes.ts';

/** Kilobytes of styles and scripts, as they cross the wire, before a person does anything. */
const BEFORE_ACTION = 20;
/**
 * … with the app, which the first action loads. A change that needs more raises it, and says why: the Korean texts are 9 of
 * them.
 */
const AFTER_ACTION = 446;

const paths = ['/', '/login'];

/** The requests for files of the app. */
function filesOf(page: Page): Request[] {
  const requests: Request[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/pkg/')) requests.push(request);
  });
  return requests;
}

async function kilobytes(requests: Request[]): Promise<number> {
  const sizes = await Promise.all(requests.map((request) => request.sizes()));
  return sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0) / 1000;
}

const kinds = (requests: Request[]) => requests.map((request) => new URL(request.url()).pathname.replace(/.*\./, '')).toSorted();

/** Callbacks run in their order, so everything that the page does in an idle browser has begun. */
const idle = (page: Page) => page.evaluate(() => new Promise<void>((done) => requestIdleCallback(() => done())));

for (const path of paths) {
  test(`the first visit of ${path} loads at most ${BEFORE_ACTION} kB before a person acts, and ${AFTER_ACTION} kB in all`, async ({ page }, info) => {
    const files = filesOf(page);
    await page.goto(path);
    await idle(page);
    expect(kinds(files)).toEqual(['css']);
    const before = await kilobytes(files);
    expect(before).toBeLessThanOrEqual(BEFORE_ACTION);

    await hydrated(page);
    expect(kinds(files)).toEqual(['css', 'js', 'wasm']);
    const after = await kilobytes(files);
    expect(after).toBeLessThanOrEqual(AFTER_ACTION);
    info.annotations.push({ type: 'kB', description: `${before.toFixed(1)}, ${after.toFixed(1)}` });

    // A second visit loads none of them, and asks about none.
    const answers = await Promise.all(files.map((request) => request.response()));
    for (const answer of answers) expect(answer?.headers()['cache-control'], answer?.url()).toContain('immutable');
  });
}

const actions: Record<string, (page: Page) => Promise<void>> = {
  'a move of the pointer': (page) => page.mouse.move(100, 100),
  'a key': (page) => page.keyboard.press('Tab'),
  'a scroll': (page) => page.mouse.wheel(0, 100),
};

for (const [name, act] of Object.entries(actions)) {
  test(`${name} starts the app on the page of a new visitor`, async ({ page }) => {
    await page.goto('/');
    await act(page);
    await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
  });
}

test('the app starts by itself in a browser with a cookie', async ({ page, context, server }) => {
  await context.addCookies([{ name: 'any', value: 'cookie', url: server.origin }]);
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
});

test('the app starts by itself in a browser that has stored something', async ({ page }) => {
  await page.addInitScript(() => sessionStorage.setItem('any', 'text'));
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
});

for (const mode of cookieModes) {
  test(`${mode.name}: an untouched page shows the login in another tab`, async ({ page, context, user }) => {
    const untouched = await context.newPage();
    await untouched.goto('/');
    const login = new LoginPage(page);
    await login.open({ mode, next: '/' });
    await login.submit(user);
    await new HomePage(page).region(mode).expectState('signed-in');
    await new HomePage(untouched).region(mode).expectState('signed-in');
  });
}

test('an untouched page is reloaded when the browser restores it', async ({ page }) => {
  await page.goto('/');
  const reloaded = page.waitForEvent('load');
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await reloaded;
});
