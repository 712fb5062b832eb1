import { expect, test } from '../fixtures.ts';
import { HomePage } from '../pages/home-page.ts';
import { modes } from '../support/modes.ts'; // part: comparison
import { cookieModes } from '../support/modes.ts';

// Runs in the projects without JavaScript. Do not wait for hydration here: it never happens.

test('names no user to a visitor, and offers no logout', async ({ page }) => {
  await page.goto('/');
  const home = new HomePage(page);
  await expect(home.link('Log in')).toBeVisible();
  await expect(home.signedInAs).toHaveCount(0);
  await expect(home.link('Log out')).toBeHidden();
});

// part: comparison, begin
test('counts the cookie modes, which are what the server knows', async ({ signedInByForm, user }) => {
  for (const [index, mode] of cookieModes.entries()) {
    const me = await signedInByForm(mode);
    await expect(me.signedInAs).toHaveAccessibleName(`Signed in: ${user.username} · ${index + 1} of ${modes.length} modes`);
    await expect(me.link('Log out')).toBeVisible();
  }
});
// part: comparison, end

for (const mode of cookieModes) {
  test(`${mode.name}: a logout removes the user and the logout from the header`, async ({ signedInByForm, page, user }) => {
    const me = await signedInByForm(mode);
    await expect(me.signedInAs).toContainText(user.username);
    await me.logOut.click();
    await expect(page).toHaveURL(/\/logout\?/);
    await expect(me.signedInAs).toHaveCount(0);
    await expect(me.link('Log out')).toBeHidden();
    await expect(me.link('Log in')).toBeVisible();
  });
}
