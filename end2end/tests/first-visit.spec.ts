import type { Page, Request } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { HomePage } from '../pages/home-page.ts';
import { hydrated } from '../pages/layout.ts';
import { LoginPage } from '../pages/login-page.ts';
import { MePage } from '../pages/me-page.ts';
import { expectNoViolations } from '../support/axe.ts';
import { inFirefox } from '../support/browsers.ts';
import { bearerModes, cookieModes, logInText } from '../support/modes.ts';

/** Kilobytes of styles and scripts, as they cross the wire, before the first user interaction. */
const BEFORE_INTERACTION = 20;
/**
 * … with the app, which the first interaction loads. A change that needs more raises it, and says why: the Korean texts are 9 of
 * them.
 */
const AFTER_INTERACTION = 446;

const paths = ['/', '/login'];

const expectApp = (page: Page) => expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');

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
  test(`the first visit of ${path} loads at most ${BEFORE_INTERACTION} kB before an interaction, and ${AFTER_INTERACTION} kB in all`, async ({ page }, info) => {
    const files = filesOf(page);
    await page.goto(path);
    await idle(page);
    expect(kinds(files)).toEqual(['css']);
    const before = await kilobytes(files);
    expect(before).toBeLessThanOrEqual(BEFORE_INTERACTION);
    await expectNoViolations(page);

    await hydrated(page);
    expect(kinds(files)).toEqual(['css', 'js', 'wasm']);
    const after = await kilobytes(files);
    expect(after).toBeLessThanOrEqual(AFTER_INTERACTION);
    info.annotations.push({ type: 'kB', description: `${before.toFixed(1)}, ${after.toFixed(1)}` });

    // A second visit loads none of them, and asks about none.
    const answers = await Promise.all(files.map((request) => request.response()));
    for (const answer of answers) expect(answer?.headers()['cache-control'], answer?.url()).toContain('immutable');
  });
}

const actions: Record<string, (page: Page) => Promise<void>> = {
  'a move of the pointer': (page) => page.mouse.move(100, 100, { steps: 3 }), // the first one has nothing to move from in Firefox
  'a press': (page) => page.mouse.down(),
  'a key': (page) => page.keyboard.press('Shift'),
  'the focus of a field': (page) => new LoginPage(page).username.focus(),
  'a scroll': (page) => page.evaluate(() => scrollBy(0, 100)),
  'a click of an assistive technology': (page) => page.getByRole('heading', { level: 1 }).dispatchEvent('click'),
};

for (const [name, act] of Object.entries(actions)) {
  test(`${name} starts the app on the page of a new visitor`, inFirefox, async ({ page }) => {
    await page.goto('/login');
    await page.setViewportSize({ width: 800, height: 200 }); // so that it can be scrolled
    await act(page);
    await expectApp(page);
  });
}

test('the app starts by itself in a browser with a cookie', inFirefox, async ({ page, context, server }) => {
  await context.addCookies([{ name: 'any', value: 'cookie', url: server.origin }]);
  await page.goto('/');
  await expectApp(page);
});

for (const storage of ['sessionStorage', 'localStorage'] as const) {
  test(`the app starts by itself in a browser with something in its ${storage}`, inFirefox, async ({ page }) => {
    await page.goto('/');
    await page.evaluate((storage) => window[storage].setItem('any', 'text'), storage);
    await page.goto('/');
    await expectApp(page);
  });
}

test('the app starts in a browser that blocks storage and messages between tabs', async ({ page }) => {
  await page.addInitScript(() => {
    for (const name of ['sessionStorage', 'localStorage', 'BroadcastChannel']) {
      Object.defineProperty(window, name, { get: () => { throw new DOMException('blocked', 'SecurityError'); } });
    }
  });
  await page.goto('/');
  await hydrated(page);
});

for (const mode of bearerModes) {
  for (const path of [LoginPage.path({ mode }), MePage.path(mode)]) {
    test(`the app of ${path} starts by itself, because the page needs it`, async ({ page }) => {
      await page.goto(path);
      await expectApp(page);
    });
  }

  test(`${mode.name}: its card leads a new visitor to the login before the app has started`, async ({ page }) => {
    await page.goto('/');
    const card = page.getByRole('region', { name: mode.name, exact: true });
    await expect(card).toContainText('Signed out');
    await expect(card.getByRole('link', { name: logInText(mode) })).toBeVisible();
    await expect(page.locator('html')).not.toHaveAttribute('data-hydrated');
  });
}

for (const mode of cookieModes) {
  test(`${mode.name}: an untouched page shows the login in another tab`, inFirefox, async ({ page, context, user }) => {
    const untouched = await context.newPage();
    await untouched.goto('/');
    const login = new LoginPage(page);
    await login.open({ mode, next: '/' });
    await expect(untouched.locator('html')).not.toHaveAttribute('data-hydrated');
    await login.submit(user);
    await new HomePage(page).region(mode).expectState('signed-in');
    await new HomePage(untouched).region(mode).expectState('signed-in');
  });
}

test('an untouched page is reloaded when the browser restores it', inFirefox, async ({ page }) => {
  await page.goto('/');
  const reloaded = page.waitForEvent('load');
  // Stands for the back/forward cache, which Playwright turns off.
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await reloaded;
});
