import { expect, test } from '../fixtures.ts';
import { hydrated } from '../pages/layout.ts';
import { inFirefox } from '../support/browsers.ts';
import { paths } from '../support/paths.ts';
import { cookieModes, modes, renewingModes } from '../support/modes.ts';

for (const path of paths) {
  test(`${path} has a title, one heading and a way around`, async ({ page }) => {
    const answer = await page.goto(path);
    expect(answer?.status()).toBe(200);
    await hydrated(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expect(page).toHaveTitle(/\S · Latchkey$/);
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page.getByRole('banner').getByRole('link', { name: 'Latchkey' })).toHaveAttribute('href', '/');
    await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link')).toHaveText([
      'Home',
      'Me',
      'Account',
      'Rotation', // part: comparison
      'API',
      'Log in',
      'Register',
    ]);
    const ids = await page.locator('[id]').evaluateAll((elements) => elements.map(({ id }) => id));
    expect(ids).toEqual([...new Set(ids)]);
  });
}

test('the keyboard skips the navigation', async ({ page }) => {
  await page.goto('/');
  await hydrated(page);
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/#content');
});

for (const path of ['/nowhere', '/me/nowhere']) {
  test(`${path} is not found, and says so`, async ({ page, console }) => {
    console.expectStatus(404, path);
    const answer = await page.goto(path);
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found');
  });
}

for (const path of paths) {
  test(`${path} is sent with its security headers`, async ({ request }) => {
    const [first, second] = [await request.get(path), await request.get(path)];
    const policy = first.headers()['content-security-policy'] ?? '';
    expect(policy).toMatch(/script-src [^;]*'nonce-[\w+/=-]{16,}'/);
    expect(policy).toMatch(/script-src [^;]*'strict-dynamic'/);
    expect(policy).toMatch(/style-src 'self'(;|$)/);
    expect(policy).toMatch(/connect-src 'self'(;|$)/);
    expect(policy).toMatch(/frame-ancestors 'none'/);
    expect(policy).toMatch(/base-uri '(none|self)'/);
    expect(policy).toMatch(/object-src 'none'|default-src 'none'/);
    expect(policy).not.toMatch(/'unsafe-(inline|eval)'/);
    expect(second.headers()['content-security-policy'], 'a nonce of its own for each answer').not.toBe(policy);
    expect(first.headers()['x-content-type-options']).toBe('nosniff');
    expect(first.headers()['referrer-policy']).toMatch(/no-referrer|same-origin|strict-origin/);
    expect(await first.text()).not.toMatch(/ style=| on[a-z]+="/);
  });
}

for (const mode of cookieModes) {
  test(`${mode.name}: its cookie is the browser's, out of reach of scripts and of other sites`, inFirefox, async ({ signedIn, page, server }) => {
    await signedIn(mode);
    const cookie = (await page.context().cookies()).find(({ name }) => name === mode.cookie);
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', domain: new URL(server.origin).hostname });
  });
}

for (const mode of renewingModes) {
  test(`${mode.name}: its refresh cookie is of this host alone, out of reach of scripts`, async ({ signedIn, page, server }) => {
    await signedIn(mode);
    const cookie = (await page.context().cookies()).find(({ name }) => name === mode.cookie);
    // `__Host-`: no sibling host can set it for the whole domain, and the browser requires the path `/`.
    expect(cookie?.name).toMatch(/^__Host-/);
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/', domain: new URL(server.origin).hostname });
  });
}

test('every mode says what it is', () => {
  for (const mode of modes) {
    expect(mode.transport).toMatch(/^(cookie|bearer)$/);
    expect(mode.transport === 'cookie' && !mode.cookie, 'a cookie mode names its cookie').toBe(false);
    expect(mode.renews_silently && mode.transport === 'cookie', 'only a bearer credential needs renewal').toBe(false);
  }
});
