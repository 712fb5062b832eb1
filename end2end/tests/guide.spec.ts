// part: comparison
import { expect, test } from '../fixtures.ts';
import { HomePage, steps } from '../pages/home-page.ts';
import { LoginPage } from '../pages/login-page.ts';
import { RegisterPage } from '../pages/register-page.ts';
import { RotationPage } from '../pages/rotation-page.ts';
import { newUser } from '../support/api.ts';
import { modes } from '../support/modes.ts';

test('stands above the first form, also on a phone', async ({ page }) => {
  const home = new HomePage(page);
  await home.open();
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const [guide, logins] = [await home.guide.boundingBox(), await home.logins.boundingBox()];
    expect(guide!.y, `${width} px wide`).toBeLessThan(500);
    expect(guide!.y).toBeLessThan(logins!.y);
  }
});

test('is rendered by the server with no step done', async ({ request }) => {
  const html = await (await request.get('/')).text();
  expect(html.match(/data-done="false"/g)).toHaveLength(steps.length);
  expect(html).not.toContain('data-done="true"');
});

test('a new browser has done nothing', async ({ page }) => {
  const home = new HomePage(page);
  await home.open();
  await home.expectDone();
  await expect(home.guide.locator('summary')).toContainText(`0 of ${steps.length} done`);
});

test('a new account is a step, and stays one after a reload', async ({ page }) => {
  const register = new RegisterPage(page);
  await register.open();
  await register.submit(newUser());
  const home = new HomePage(page);
  await home.expectDone('account');
  await expect(home.step('account')).toContainText('done');
  await home.reload();
  await home.expectDone('account');
});

for (const mode of modes) {
  test(`${mode.name}: a rotation counts when the server has tried the old one`, async ({ signedIn, page }) => {
    const home = await signedIn(mode);
    await home.region(mode).button('Rotate').click();
    await expect(home.region(mode).generation).toHaveText('2');
    await home.expectDone('account');

    await home.follow('Rotation');
    const region = new RotationPage(page).region(mode);
    await region.rotateAndTry.click();
    await expect(region.generation).toHaveText('3');
    await home.follow('Home');
    await home.expectDone('account', 'rotation');
  });

  test(`${mode.name}: a reload counts if it was signed in before`, async ({ signedIn }) => {
    const home = await signedIn(mode);
    await home.expectDone('account');
    await home.reload();
    await home.expectDone('account', 'reload');
  });

  test(`${mode.name}: a logout counts`, async ({ signedIn }) => {
    const home = await signedIn(mode);
    await home.region(mode).button('Log out').click();
    await home.expectDone('account', 'log-out');
  });

  test(`${mode.name}: a second tab counts when this tab hears from it`, async ({ page, context, user }) => {
    const home = new HomePage(page);
    await home.open();
    const second = new LoginPage(await context.newPage());
    await second.open({ mode });
    await home.expectDone();
    await second.submit(user);
    await home.expectDone('account', 'second-tab');
  });
}

test('a reload without a sign-in does not count', async ({ page }) => {
  const home = new HomePage(page);
  await home.open();
  await home.reload();
  for (const mode of modes) await home.region(mode).expectState('signed-out');
  await home.expectDone();
});

test('a sign-in with every mode is a step', async ({ signedInToAll }) => {
  const home = await signedInToAll();
  await home.expectDone('account', 'every-mode');
});

test('the steps lead a newcomer through every mode, in their order', async ({ signedInToAll, page }) => {
  const home = await signedInToAll();
  await home.guide.getByRole('link', { name: 'rotation page' }).click();
  for (const mode of modes) {
    const region = new RotationPage(page).region(mode);
    await region.rotateAndTry.click();
    await expect(region.generation).toHaveText('2');
  }
  await home.follow('Home');
  await home.reload();
  await home.expectDone('account', 'every-mode', 'rotation', 'reload');
});
