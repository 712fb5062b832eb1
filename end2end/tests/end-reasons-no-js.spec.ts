import { expect, test } from '../fixtures.ts';
import { HomePage } from '../pages/home-page.ts';
import { LoginPage } from '../pages/login-page.ts';
import { MePage } from '../pages/me-page.ts';
import { cookieModes } from '../support/modes.ts';

for (const mode of cookieModes) {
  test(`${mode.name}: without JavaScript, home and login say why the sign-in ended`, async ({ signedInByForm, page, api, user }) => {
    const sentence = 'This account was logged out of this mode on every device.';
    await signedInByForm(mode);
    const headers = { ...(await api.login(mode, user)) };
    expect((await api.call('POST', `/api/${mode.id}/logout-all`, { headers, body: {} })).status).toBe(204);

    await page.goto('/');
    await expect(new HomePage(page).region(mode).root).toContainText(sentence);
    await page.goto(MePage.path(mode));
    await expect(page).toHaveURL(/\/login\?/);
    await expect(new LoginPage(page).alert).toHaveText(sentence);
  });
}
