import { expect, test } from '../fixtures.ts';
import { HomePage } from '../pages/home-page.ts';
import { LoginPage } from '../pages/login-page.ts';
import { definition } from '../pages/mode-region.ts';
import { logInText, modes } from '../support/modes.ts';

// part: comparison, begin
test('shows every mode with its answers, signed out', async ({ page }) => {
  const home = new HomePage(page);
  await home.open();
  await expect(home.heading).toHaveText('One door, four keys');
  await expect(home.main.locator('[data-mode]')).toHaveCount(modes.length);
  for (const mode of modes) {
    const region = home.region(mode);
    await region.expectState('signed-out');
    await expect(region.answer('The browser holds')).toHaveText(mode.client_holds);
    await expect(region.answer('The server holds')).toHaveText(mode.server_holds);
    await expect(region.answer('A request costs')).toHaveText(mode.request_costs);
    await expect(region.answer('Ended by')).toHaveText(mode.ended_by);
    await expect(region.answer('An injected script')).toHaveText(mode.injected_script);
    await expect(region.answer('Another site')).toHaveText(mode.other_site);
    await expect(region.answer('Choose it when')).toHaveText(mode.choose_when);
  }
});
// part: comparison, end

// part: comparison, begin
test('corrects what tutorials say, for every mode', async ({ page }) => {
  const home = new HomePage(page);
  await home.open();
  const table = home.main.getByRole('table', { name: "What tutorials say, and what's true" });
  for (const mode of modes) {
    const row = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: mode.name, exact: true }) });
    await expect(row).toContainText(mode.often_said);
    await expect(row).toContainText(mode.in_fact);
  }
});
// part: comparison, end

// part: comparison, begin
test('one form signs in to all, and then has done its work', async ({ signedInToAll, user }) => {
  const home = await signedInToAll();
  for (const mode of modes) await expect(home.region(mode).root).toContainText(user.username);
  await expect(home.loginToAll).toBeHidden();
});
// part: comparison, end

// part: comparison, begin
test('a wrong password signs in to none', async ({ page, user, console }) => {
  console.expectStatus(401, '/login');
  const home = new HomePage(page);
  await home.open();
  await home.submitLoginToAll({ ...user, password: 'not the password at all' });
  await expect(home.alert).toContainText('Wrong username or password.');
  for (const mode of modes) await home.region(mode).expectState('signed-out');
});
// part: comparison, end

for (const mode of modes) {
  test(`${mode.name}: names both ends of its sign-in`, async ({ signedIn, wire, api }) => {
    const { root } = (await signedIn(mode)).region(mode);
    const me = await api.call('GET', `/api/${mode.id}/me`, { headers: { ...(await wire.credential(mode)) } });
    const { auth } = (await me.json()) as { auth: { expires_at: number; absolute_expires_at: number } };
    const expectEnd = (term: string, end: number) =>
      expect(definition(root, term).locator('time')).toHaveAttribute('datetime', new Date(end * 1000).toISOString().replace('.000', ''));
    await expectEnd(mode.renews_silently ? 'Access token until' : 'Ends if not used', auth.expires_at);
    await expectEnd('Ends at the latest', auth.absolute_expires_at);
  });

  test(`${mode.name}: counts down`, async ({ signedIn, page }) => {
    await page.clock.install();
    const region = (await signedIn(mode)).region(mode);
    const before = await region.root.innerText();
    // If hours are left, the text changes once a minute.
    await page.clock.fastForward('01:01');
    await expect.poll(() => region.root.innerText(), 'the time that is left changes').not.toBe(before);
  });

  test(`${mode.name}: rotates and logs out`, async ({ signedIn, user }) => {
    const home = await signedIn(mode);
    const region = home.region(mode);
    await expect(region.root).toContainText(user.username);
    await expect(region.generation).toHaveText('1');

    await region.button('Rotate').click();
    await expect(region.generation).toHaveText('2');

    await region.button('Log out').click();
    await region.expectState('signed-out');
    await expect(region.link(logInText(mode))).toBeVisible();
  });

  test(`${mode.name}: its link leads to its login, and back`, async ({ page, user }) => {
    const home = new HomePage(page);
    await home.open();
    await home.region(mode).link(logInText(mode)).click();
    const login = new LoginPage(page);
    await expect(login.choice(mode)).toBeChecked(); // part: comparison
    await login.submit(user);
    await home.region(mode).expectState('signed-in');
    await expect(page).toHaveURL('/');
  });
}
