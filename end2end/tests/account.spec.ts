import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { LoginPage } from '../pages/login-page.ts';
import { elsewhere, type Api, type User } from '../support/api.ts';
import { bearerModes, cookieModes, logInText, modes } from '../support/modes.ts';
import { admins, own, pathOf } from '../support/paths.ts';

/** Entries per page of the list. */
const credentialsPage = 50;

/** Makes more sign-ins than fit on one page. Returns the id of the oldest. */
async function signInMoreThanAPage(api: Api, user: User): Promise<string> {
  for (const mode of modes) {
    const credential = await api.login(mode, user);
    const oldest = (await api.credentials(mode, credential)).find(({ current }) => current);
    if (!oldest) continue; // on no list
    for (let more = 0; more < credentialsPage; more += 1) await api.login(mode, user);
    return oldest.id;
  }
  throw new Error('no mode keeps a list');
}

for (const mode of modes) {
  test(`${mode.name}: /account leads to the mode that was used last`, async ({ signedIn, page }) => {
    const home = await signedIn(mode);
    await home.follow('Account');
    await expect(page).toHaveURL(AccountPage.path(mode));
    await expect(new AccountPage(page).heading).toHaveText('Your account');
  });

  test(`${mode.name}: lists the user's sign-ins in all modes, and marks its own`, async ({ signedIn, page, wire, api, user }) => {
    const home = await signedIn(mode);
    await elsewhere(api, user);
    await home.openAccount(mode);
    const account = new AccountPage(page);
    await account.expectRecognisedBy(mode);
    await expect(account.main).toContainText(user.username);

    const listed = await api.credentials(mode, await wire.credential(mode));
    await expect(account.rows).toHaveCount(listed.length);
    for (const { id, mode: of } of listed) {
      await expect(account.row(id)).toContainText(modes.find((mode) => mode.id === of)?.name ?? of);
    }
    const isListed = listed.some(({ current }) => current);
    await expect(account.own).toHaveCount(isListed ? 1 : 0);
    if (isListed) await expect(account.own).toContainText(/This page.*(Chrome|Firefox|Safari)/s);
    // A mode whose sign-ins are not listed is named in the text below the list.
    await expect(account.unlisted.getByText(mode.name)).toHaveCount(isListed ? 0 : 1);
    await expect(account.allAccounts, 'the way to the pages of admins').toHaveCount(0);
  });

  test(`${mode.name}: its own entry logs out here, and a copy of the credential is refused`, async ({ signedIn, page, wire, api }) => {
    const home = await signedIn(mode);
    await home.openAccount(mode);
    const account = new AccountPage(page);
    await account.expectRecognisedBy(mode);
    const copy = await wire.credential(mode);
    if (!(await api.credentials(mode, copy)).some(({ current }) => current)) {
      await expect(account.own, 'no entry of its own').toHaveCount(0);
      await expect(account.signIns.getByRole('button', { name: 'Log out', exact: true })).toHaveCount(0);
      await expect(account.unlisted).toContainText(`Your sign-in here with ${mode.name} is not on the list.`);
      return;
    }
    await account.own.getByRole('button', { name: 'Log out', exact: true }).click();
    await expect(account.main.getByRole('link', { name: logInText(mode) })).toBeVisible();
    await expect(account.signIns).toHaveCount(0);
    expect(await api.present(mode, copy, 'rotate')).toBe('refused');
  });
}

for (const mode of cookieModes) {
  for (const template of [...own, ...admins]) {
    const path = pathOf(template, mode);
    test(`${path} redirects a visitor before anything is rendered`, async ({ request }) => {
      const answer = await request.get(path, { maxRedirects: 0, headers: { accept: 'text/html' } });
      expect(answer.status()).toBe(303);
      expect(await answer.text()).toBe('');
      const target = new URL(answer.headers()['location'] ?? '', answer.url());
      expect(target.pathname).toBe('/login');
      expect(target.searchParams.get('mode')).toBe(mode.id);
      expect(target.searchParams.get('next')).toBe(path);
    });
  }

  test(`${mode.name}: a reload brings the list along, before any script has asked`, async ({ signedIn, page, wire, api }) => {
    await signedIn(mode);
    const account = new AccountPage(page);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await account.open(mode);
    const listed = await api.credentials(mode, await wire.credential(mode));
    await expect(account.rows).toHaveCount(listed.length);
    expect(asked.filter((path) => path.endsWith('/credentials'))).toEqual([]);
  });
}

for (const mode of bearerModes) {
  test(`${mode.name}: a visitor is told to log in, and the login leads back`, async ({ page, user }) => {
    const account = new AccountPage(page);
    await account.open(mode);
    await account.main.getByRole('link', { name: logInText(mode) }).click();
    await new LoginPage(page).submit(user);
    await account.expectRecognisedBy(mode);
    await expect(page).toHaveURL(AccountPage.path(mode));
  });
}

// One mode of each transport: paging is the same for all modes.
for (const mode of [...cookieModes.slice(0, 1), ...bearerModes.slice(0, 1)]) {
  test(`${mode.name}: older sign-ins are a link away, and so is the way back`, async ({ signedIn, page, wire, api, user }) => {
    test.slow(); // a page is long, and each login costs a hash
    const oldest = await signInMoreThanAPage(api, user);
    const home = await signedIn(mode);
    await home.openAccount(mode);
    const account = new AccountPage(page);
    await expect(account.rows).toHaveCount(credentialsPage);
    await expect(account.newest).toHaveCount(0);
    await expect(account.row(oldest)).toHaveCount(0);

    await account.older.click();
    await expect(page).toHaveURL(/\/account\/[^/]+\?after=/);
    await expect(account.heading).toHaveText('More sign-ins');
    await expect(account.row(oldest)).toBeVisible();
    await expect(account.older).toHaveCount(0);
    await account.end(oldest, user.password);
    await expect(account.row(oldest)).toHaveCount(0);
    const { status } = await api.call('GET', `/api/${mode.id}/me`, { headers: { ...(await wire.credential(mode)) } });
    expect(status).toBe(200);

    await account.newest.click();
    await expect(page).toHaveURL(AccountPage.path(mode));
    await expect(account.rows).toHaveCount(credentialsPage);
  });
}
