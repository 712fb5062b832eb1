import { expect, test } from '../fixtures.ts';
import { LoginPage } from '../pages/login-page.ts';
import { MePage } from '../pages/me-page.ts';
import { newUser } from '../support/api.ts';
import { modes } from '../support/modes.ts';
import { ownServer } from '../support/own-server.ts';

for (const mode of modes) {
  test(`${mode.name}: signs in and opens the protected page`, async ({ page, user }) => {
    const login = new LoginPage(page);
    await login.open();
    await login.choose(mode); // part: comparison
    await login.submit(user);
    const me = new MePage(page);
    await me.expectSignedIn(mode);
    await expect(page).toHaveURL(MePage.path(mode));
  });

  test(`${mode.name}: next is followed on this origin`, async ({ page, user }) => {
    const login = new LoginPage(page);
    await login.open({ mode, next: '/logout' });
    await login.submit(user);
    await expect(page).toHaveURL('/logout');
  });

  test(`${mode.name}: a wrong password and an unknown user get the same answer, and the name stays`, async ({ page, user, console }) => {
    console.expectStatus(401, `/api/${mode.id}/login`);
    const login = new LoginPage(page);
    const answers: string[] = [];
    for (const wrong of [{ ...user, password: newUser().password }, newUser()]) {
      await login.open({ mode });
      await login.submit(wrong);
      await expect(login.alert).toHaveText('Wrong username or password.');
      answers.push(await login.form.innerText());
      await expect(login.username).toHaveValue(wrong.username);
    }
    expect(answers[0]).toBe(answers[1]);
  });
}

// One mode per path: the check of `next` does not depend on the mode.
const elsewhere = ['//evil.localhost/', '/\\evil.localhost/', '/\t/evil.localhost/', 'https://evil.localhost/', 'javascript:alert(1)'];
for (const [index, next] of elsewhere.entries()) {
  const mode = modes[index % modes.length];
  if (!mode) continue;
  test(`${mode.name}: next is not followed to ${JSON.stringify(next)}`, async ({ page, user }) => {
    const login = new LoginPage(page);
    await login.open({ mode, next });
    await login.submit(user);
    await new MePage(page).expectSignedIn(mode);
    await expect(page).toHaveURL(MePage.path(mode));
  });
}

test('the password can be looked at', async ({ page }) => {
  const login = new LoginPage(page);
  await login.open();
  await login.password.fill('what did I type');
  await expect(login.password).toHaveAttribute('type', 'password');
  await login.showPassword.click();
  await expect(login.password).toHaveAttribute('type', 'text');
  await expect(login.showPassword).toHaveAttribute('aria-pressed', 'true');
});

test('fields speak to password managers', async ({ page }) => {
  const login = new LoginPage(page);
  await login.open();
  await expect(login.username).toHaveAttribute('autocomplete', 'username');
  await expect(login.password).toHaveAttribute('autocomplete', 'current-password');
});

test('the keyboard alone signs in', async ({ page, user }) => {
  const login = new LoginPage(page);
  await login.open({ next: '/' });
  await login.username.focus();
  await page.keyboard.type(user.username);
  await login.password.focus();
  await page.keyboard.type(user.password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/');
});

test('the demo users that the log names can sign in', ownServer, async ({ api, server }) => {
  const demo = server.log.map((line) => /^demo user (\S+) \((\w+)\), password: (.+)$/.exec(line)).filter((found) => found !== null);
  expect(demo.map(([, username, role]) => ({ username, role }))).toEqual([
    { username: 'alice', role: 'user' },
    { username: 'root', role: 'admin' },
  ]);
  for (const mode of modes) {
    for (const [, username = '', role, password = ''] of demo) {
      const headers = { ...(await api.login(mode, { username, password })) };
      expect(await (await api.call('GET', `/api/${mode.id}/me`, { headers })).json()).toMatchObject({ username, role });
    }
  }
});
