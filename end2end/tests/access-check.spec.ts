import { randomUUID } from 'node:crypto';

import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { AdminPage } from '../pages/admin-page.ts';
import { elsewhere, newUser, type Api, type User } from '../support/api.ts';
import { demoAdmin } from '../support/demo.ts';
import { modes } from '../support/modes.ts';
import { ownServer } from '../support/own-server.ts';
import { signatureOnly } from '../support/settings.ts';

test.use({ settings: signatureOnly });

/** Signs in on other devices. Returns a check that what the page says about those credentials is true. */
async function signInElsewhere(api: Api, user: User) {
  const others = await elsewhere(api, user);
  return async (text: string): Promise<void> => {
    const verdicts = await Promise.all(others.map(({ mode, credential }) => api.present(mode, credential)));
    if (modes.some((mode) => !mode.remembers || mode.renews_silently)) expect(verdicts).toContain('accepted');
    expect(verdicts.includes('accepted'), text).toBe(text.includes('An access token or cookie that was already issued may work until '));
  };
}

for (const mode of modes) {
  test(`${mode.name}: after ending all others, the page says until when a credential may work`, ownServer, async ({ signedIn, page, api, user }) => {
    const home = await signedIn(mode);
    const expectTrue = await signInElsewhere(api, user);
    await home.openAccount(mode);
    const account = new AccountPage(page);
    await expect(account.endForm).toContainText('works until it expires');
    await account.endOthers(user.password);
    await expect(account.status).toContainText('All other sign-ins of this account have ended');
    await expectTrue(await account.status.innerText());
  });

  test(`${mode.name}: after a change of the password, the page says until when a credential may work`, ownServer, async ({ signedIn, page, api, user }) => {
    const home = await signedIn(mode);
    const expectTrue = await signInElsewhere(api, user);
    await home.openAccount(mode);
    const account = new AccountPage(page);
    await account.changePassword(user.password, newUser().password);
    await expect(account.status).toContainText('Your password has been changed.');
    await expectTrue(await account.status.innerText());
  });

  for (const [change, says] of [['End sign-ins', 'all sign-ins have ended'], ['Disable', 'the account is disabled']] as const) {
    test(`${mode.name}: after “${change}”, an administrator reads until when a credential may work`, ownServer, async ({ signedInAs, server, page, api }) => {
      // A name that sorts first, so that it is on the first page.
      const subject = await api.register({ ...newUser(), username: `0-${randomUUID().slice(0, 8)}` });
      const expectTrue = await signInElsewhere(api, subject);
      await (await signedInAs(mode, demoAdmin(server))).openAccount(mode);
      await new AccountPage(page).allAccounts.click();
      const accounts = new AdminPage(page);
      await accounts.change(subject.username, change);
      await expect(accounts.status).toContainText(`${subject.username}: ${says}`);
      await expectTrue(await accounts.status.innerText());
    });
  }
}
