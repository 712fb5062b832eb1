import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { LoginPage } from '../pages/login-page.ts';
import { elsewhere, newUser } from '../support/api.ts';
import { cookieModes, modes } from '../support/modes.ts';
import { ownServer } from '../support/own-server.ts';
import { signatureOnly } from '../support/settings.ts';

// Runs in the projects without JavaScript. Do not wait for hydration here: it never happens.

test.use({ settings: signatureOnly });

for (const mode of cookieModes) {
  test(`${mode.name}: says until when a credential may work, after each form that ends sign-ins`, ownServer, async ({ page, user, api }) => {
    await page.goto(LoginPage.path({ mode, next: AccountPage.path(mode) }));
    await new LoginPage(page).submit(user);
    const account = new AccountPage(page);
    await account.expectRecognisedBy(mode);
    for (const submit of [() => account.endOthers(user.password), () => account.changePassword(user.password, newUser().password)]) {
      const others = await elsewhere(api, user);
      await submit();
      await expect(page).toHaveURL(/[?&]ended=/);
      await expect(account.status).toContainText('All other sign-ins of this account have ended');
      const verdicts = await Promise.all(others.map(({ mode: other, credential }) => api.present(other, credential)));
      if (modes.some((other) => !other.remembers || other.renews_silently)) expect(verdicts).toContain('accepted');
      expect((await account.status.innerText()).includes('may work until')).toBe(verdicts.includes('accepted'));
    }
  });
}
