import type { Page } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { ApiDocsPage } from '../pages/api-docs-page.ts';
import { HomePage } from '../pages/home-page.ts';
import { LoginPage } from '../pages/login-page.ts';
import { LogoutPage } from '../pages/logout-page.ts';
import { MePage } from '../pages/me-page.ts';
import { RegisterPage } from '../pages/register-page.ts';
import { RotationPage } from '../pages/rotation-page.ts'; // part: comparison
import { newUser } from '../support/api.ts';
import { operationsOf, readDocument } from '../support/document.ts';
import { bearerModes, cookieModes, modes } from '../support/modes.ts';

// Runs in the projects without JavaScript. Do not wait for hydration here: it never happens.

for (const mode of cookieModes) {
  test(`${mode.name}: signs in, and the page is the user's`, async ({ signedInByForm, page, user }) => {
    await signedInByForm(mode);
    await expect(page).toHaveURL(MePage.path(mode));
    await expect(new MePage(page).value('Username')).toHaveText(user.username);

    const home = new HomePage(page);
    await page.goto('/');
    await home.region(mode).expectState('signed-in');
    await expect(home.region(mode).root).toContainText(user.username);
  });

  test(`${mode.name}: next is followed, on this origin alone`, async ({ page, user }) => {
    await page.goto(LoginPage.path({ mode, next: '/logout' }));
    await new LoginPage(page).submit(user);
    await expect(page).toHaveURL('/logout');
    await page.goto(LoginPage.path({ mode, next: '//evil.localhost/' }));
    await new LoginPage(page).submit(user);
    await expect(page).toHaveURL(MePage.path(mode));
  });

  test(`${mode.name}: a wrong password keeps the name and says so`, async ({ page, user }) => {
    await page.goto(LoginPage.path({ mode, next: '/logout' }));
    const login = new LoginPage(page);
    await login.submit({ ...user, password: newUser().password });
    await expect(login.alert).toContainText('Wrong username or password.');
    await expect(login.username).toHaveValue(user.username);
    await login.submit(user);
    await expect(page).toHaveURL('/logout');
  });

  test(`${mode.name}: an empty field of the login is named and focused`, async ({ page, user }) => {
    const login = new LoginPage(page);
    for (const [wrong, field] of [[{ ...user, password: '' }, 'password'], [{ ...user, username: '' }, 'username']] as const) {
      await page.goto(LoginPage.path({ mode }));
      await login.submit(wrong);
      await expect(page).toHaveURL(new RegExp(`[?&]field=${field}\\b`));
      await expect(login.alert).toHaveText(`Check the ${field}.`);
      await expect(login[field]).toHaveAccessibleDescription(/blank/);
      await expect(login[field]).toHaveAttribute('aria-invalid', 'true');
      await expect(login[field]).toBeFocused();
    }
  });

  test(`${mode.name}: rotates on its page`, async ({ signedInByForm, page }) => {
    await signedInByForm(mode);
    await new MePage(page).rotate.click();
    await page.goto(MePage.path(mode));
    await expect(new MePage(page).generation).toHaveText('2');
  });

  test(`${mode.name}: rotates on the home page, and comes back`, async ({ signedInByForm, page }) => {
    await signedInByForm(mode);
    await page.goto('/');
    const region = new HomePage(page).region(mode);
    await region.button('Rotate').click();
    await expect(page).toHaveURL('/');
    await expect(region.generation).toHaveText('2');
  });

  // part: comparison, begin
  test(`${mode.name}: the verdicts on a predecessor are true`, async ({ signedInByForm, page, wire, api }) => {
    await signedInByForm(mode);
    await page.goto('/rotation');
    const region = new RotationPage(page).region(mode);
    const old = await wire.credential(mode);
    await region.rotateAndTry.click();
    await expect(page).toHaveURL(/\/rotation\?/);
    const said = await region.verdicts();
    expect(await api.present(mode, old, 'me')).toBe(said.signIn);
    expect(await api.present(mode, old, 'rotate')).toBe(said.rotate);
  });
  // part: comparison, end

  for (const scope of ['logOut', 'logOutOnEveryDevice'] as const) {
    test(`${mode.name}: ${scope === 'logOut' ? 'logs out' : 'logs out on every device'}, and is told what ended`, async ({ signedInByForm, page, wire, api }) => {
      await signedInByForm(mode);
      const copy = await wire.credential(mode);
      await page.goto('/logout');
      const logout = new LogoutPage(page);
      await logout[scope](mode);
      await expect(page).toHaveURL(/\/logout\?/);
      expect(await api.present(mode, copy)).toBe(await logout.fateOfCopies());
      await page.goto(MePage.path(mode));
      await expect(page).toHaveURL(/\/login\?/);
    });
  }

  test(`${mode.name}: a logout says when the server could not read the cookie`, async ({ signedInByForm, page }) => {
    await signedInByForm(mode);
    await page.goto('/logout');
    const logout = new LogoutPage(page);
    const cookie = (await page.context().cookies()).find(({ name }) => name === mode.cookie);
    if (!cookie) throw new Error('no cookie');
    await page.context().addCookies([{ ...cookie, value: 'unreadable' }]);
    await logout.logOut(mode);
    await expect(page).toHaveURL(/\/logout\?.*ended=unreadable/);
    await expect(logout.status).toContainText('The server could not read the credential, so it has ended no sign-in: a copy may still work.');
  });

  // part: comparison, begin
  test(`${mode.name}: is enough to log out everywhere`, async ({ signedInByForm, page }) => {
    await signedInByForm(mode);
    await page.goto('/logout');
    const logout = new LogoutPage(page);
    await logout.logOutEverywhere();
    await logout.fateOfCopies();
    for (const each of cookieModes) await logout.region(each).expectState('signed-out');
  });
  // part: comparison, end
}

/** Located by its element: Playwright's text selectors ignore the content of <noscript>. */
async function expectExplanation(page: Page): Promise<void> {
  const explanation = page.getByRole('main').locator('noscript p');
  await expect(explanation).toBeVisible();
  expect(await explanation.innerText()).toContain('mode needs JavaScript');
}

/** The pages with a region for each mode. */
const withRegions = [
  '/',
  '/rotation', // part: comparison
  '/logout',
];

for (const mode of bearerModes) {
  test(`${mode.name}: says why it cannot work, on each page where it would`, async ({ page }) => {
    for (const path of withRegions) {
      await page.goto(path);
      const region = page.getByRole('region', { name: mode.name, exact: true });
      await expect(region.locator('noscript p')).toBeVisible();
      for (const part of await region.locator('.scripted').all()) await expect(part).toBeHidden();
    }
    await page.goto(LoginPage.path({ mode }));
    await expectExplanation(page);
    await expect(new LoginPage(page).password).toBeHidden();

    await page.goto(MePage.path(mode));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Sign-in with ${mode.name}`);
    await expectExplanation(page);
  });
}

test('an account is made; a wrong field is named and focused', async ({ page }) => {
  const register = new RegisterPage(page);
  const user = newUser();
  await page.goto('/register');
  for (const [wrong, field, says] of [
    [{ ...user, username: '' }, 'username', /blank/],
    [{ ...user, username: 'two words' }, 'username', /without spaces/],
    [{ ...user, password: '' }, 'password', /blank/],
    [{ ...user, password: 'too short' }, 'password', /Use at least 15 characters/],
  ] as const) {
    await register.submit(wrong);
    await expect(register[field]).toHaveAccessibleDescription(says);
    await expect(register[field]).toHaveAttribute('aria-invalid', 'true');
    await expect(register[field]).toBeFocused();
    await expect(register.alert).toHaveText(`Check the ${field}.`);
    await expect(register.username).toHaveValue(wrong.username);
  }
  await register.submit(user);
  await expect(page).toHaveURL(/\/\?registered=1/);
  await expect(page.getByText('Now log in. If your password is refused')).toBeVisible();
});

for (const mode of cookieModes) {
  // part: comparison, begin
  test(`${mode.name}: a new account is led to its login, with the name`, async ({ page }) => {
    const user = newUser();
    await page.goto('/register');
    await new RegisterPage(page).submit(user);
    const home = new HomePage(page);
    await home.logins.getByRole('link', { name: `Log in (${mode.name})`, exact: true }).click();
    await expect(new LoginPage(page).username).toHaveValue(user.username);
    await new LoginPage(page).submit(user);
    await expect(page).toHaveURL('/');
    await home.region(mode).expectState('signed-in');
    await expect(home.logins.getByRole('link', { name: `Log in (${mode.name})`, exact: true })).toHaveCount(0);
  });
  // part: comparison, end

  test(`${mode.name}: a logout on the home page is told what ended`, async ({ signedInByForm, page }) => {
    await signedInByForm(mode);
    await page.goto('/');
    await new HomePage(page).region(mode).button('Log out').click();
    await expect(page).toHaveURL(/\/logout\?/);
    await new LogoutPage(page).fateOfCopies();
  });

  for (const act of ['rotate', 'changePassword'] as const) {
    test(`${mode.name}: says that a form was not sent in time: ${act}`, async ({ signedInByForm, page, user, api }) => {
      await signedInByForm(mode);
      await page.goto(act === 'rotate' ? '/' : AccountPage.path(mode));
      await api.endEverything(mode, user);
      if (act === 'rotate') await new HomePage(page).region(mode).button('Rotate').click();
      else await new AccountPage(page).changePassword(user.password, newUser().password);
      await expect(new LoginPage(page).alert).toHaveText('You were signed out before this was sent. Nothing was changed.');
      const back = page.url();
      expect(new URL(back).searchParams.get('next')).toBe(act === 'rotate' ? '/' : AccountPage.path(mode));
      await new LoginPage(page).submit(user);
      await expect(page).toHaveURL(act === 'rotate' ? '/' : AccountPage.path(mode));
    });
  }
}

// part: comparison, begin
test('signed in with every mode that works without scripts, the home page says so', async ({ signedInByForm, page }) => {
  for (const mode of cookieModes) await signedInByForm(mode);
  await page.goto('/');
  await expect(new HomePage(page).logins).toContainText('You are signed in with every mode that works without JavaScript.');
});
// part: comparison, end

// part: comparison, begin
test('the home page shows no control and no step that needs a script', async ({ page }) => {
  await page.goto('/');
  const home = new HomePage(page);
  await expect(home.main.getByRole('radio')).toHaveCount(0);
  await expect(home.step('second-tab')).toBeHidden();
  await expect(home.step('every-mode')).not.toContainText('form', { useInnerText: true });
});
// part: comparison, end

// part: comparison, begin
for (const mode of bearerModes) {
  test(`${mode.name}: its login names the modes that work without scripts`, async ({ page }) => {
    await page.goto(LoginPage.path({ mode }));
    const names = cookieModes.map(({ name }) => name).join(', ');
    await expect(page.getByText(`Modes that use a cookie: ${names}.`)).toBeVisible();
  });
}
// part: comparison, end

// part: comparison, begin
test('the guide can be closed', async ({ page }) => {
  await page.goto('/');
  const { guide } = new HomePage(page);
  await expect(guide.getByRole('list')).toBeVisible();
  await guide.locator('summary').click();
  await expect(guide.getByRole('list')).toBeHidden();
});
// part: comparison, end

test('the home page shows every mode, and no form that could not work', async ({ page }) => {
  await page.goto('/');
  const home = new HomePage(page);
  for (const mode of modes) {
    await home.region(mode).expectState(mode.transport === 'cookie' ? 'signed-out' : 'unknown');
    await expect(home.region(mode).answer('The browser holds')).toHaveText(mode.client_holds);
  }
  await expect(home.loginToAll).toBeHidden(); // part: comparison
});

// part: comparison, begin
test('the modes can be switched by links', async ({ page }) => {
  await page.goto('/login');
  for (const mode of cookieModes) {
    await page.getByRole('main').getByRole('link', { name: mode.name, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`mode=${mode.id}\\b`));
    await expect(new LoginPage(page).password).toBeVisible();
  }
});
// part: comparison, end

test('the API is described, and each call can be opened', async ({ page, server }) => {
  await page.goto(ApiDocsPage.path);
  const docs = new ApiDocsPage(page);
  for (const { operationId, path } of operationsOf(await readDocument(server.origin))) {
    await expect(docs.operation(operationId).line).toContainText(path);
  }
  const { root, line } = docs.operation('login');
  await line.click();
  await expect(root.getByText('429', { exact: true })).toBeVisible();
});
