import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { HomePage } from '../pages/home-page.ts';
import { heldModes, modes } from '../support/modes.ts';

for (const mode of modes) {
  test(`${mode.name}: a logout in one tab is seen by the other`, async ({ signedIn, context }) => {
    const first = await signedIn(mode);
    // A token in memory belongs to one tab. Tabs share it in the local storage.
    if (heldModes.includes(mode)) await first.keepTokenIn('Local storage');

    const second = new HomePage(await context.newPage());
    await second.open();
    await second.region(mode).expectState('signed-in');

    await first.region(mode).button('Log out').click();
    await second.region(mode).expectState('signed-out');
  });

  test(`${mode.name}: a rotation in one tab leaves the other signed in`, async ({ signedIn, context }) => {
    const first = await signedIn(mode);
    if (heldModes.includes(mode)) await first.keepTokenIn('Local storage');
    const second = new HomePage(await context.newPage());
    await second.open();
    await second.region(mode).expectState('signed-in');

    await first.region(mode).button('Rotate').click();
    await expect(first.region(mode).generation).toHaveText('2');
    await expect(second.region(mode).generation).toHaveText('2');
    await second.region(mode).button('Rotate').click();
    await expect(second.region(mode).generation).toHaveText('3');
    await expect(first.region(mode).generation).toHaveText('3');
  });

  test(`${mode.name}: a request that a rotation in another tab overtakes is not lost`, async ({ signedIn, context, page, wire, api, console }) => {
    const first = await signedIn(mode);
    if (heldModes.includes(mode)) await first.keepTokenIn('Local storage');
    const second = new HomePage(await context.newPage());
    await second.open();
    await second.region(mode).expectState('signed-in');

    // The request is sent with the old credential, and reaches the server after that was replaced.
    const path = `/api/${mode.id}/credentials`;
    const old = await wire.credential(mode);
    console.expectStatus(401, path);
    let arrive = (): void => {};
    const underway = new Promise<void>((resolve) => (arrive = resolve));
    await page.route(
      `**${path}`,
      async (route) => {
        await underway;
        const answer = await api.call('GET', path, { headers: { ...old } });
        await route.fulfill({ status: answer.status, body: await answer.text(), contentType: 'application/json' });
      },
      { times: 1 },
    );
    await Promise.all([page.waitForRequest(`**${path}`), first.openAccount(mode)]);
    await second.region(mode).button('Rotate').click();
    await expect(second.region(mode).generation).toHaveText('2');
    arrive();

    const account = new AccountPage(page);
    await account.expectRecognisedBy(mode);
    await expect(account.main.getByText('Loading…')).toHaveCount(0);
    await expect(account.alert).toHaveCount(0);
  });
}

for (const mode of heldModes) {
  test(`${mode.name}: a token in memory stays in its tab`, async ({ signedIn, context }) => {
    await signedIn(mode);
    const second = new HomePage(await context.newPage());
    await second.open();
    await second.region(mode).expectState('signed-out');
  });
}
