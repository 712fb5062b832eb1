import { expect, test } from '../fixtures.ts';
import { AccountPage } from '../pages/account-page.ts';
import { ActivityPage } from '../pages/activity-page.ts';
import { RotationPage } from '../pages/rotation-page.ts'; // part: comparison
import { newUser, type Api, type User } from '../support/api.ts';
import { cookieModes, modes, type Mode } from '../support/modes.ts';

interface End {
  readonly by: string;
  readonly sentence: string;
  readonly end: (api: Api, mode: Mode, user: User) => Promise<unknown>;
}

/** Another sign-in of the user posts to the API. */
async function post(api: Api, mode: Mode, user: User, path: string, body: object = {}): Promise<void> {
  const response = await api.call('POST', path, { headers: { ...(await api.login(mode, user)) }, body });
  expect(response.ok, `${path}: ${response.status}`).toBe(true);
}

/** A change of the password needs the credential that renews the sign-in, which `Api` does not keep for a renewing mode. */
const changer = modes.find((mode) => !mode.renews_silently) as Mode;

const ends: readonly End[] = [
  {
    by: 'a logout of the mode on every device',
    sentence: 'This account was logged out of this mode on every device.',
    end: (api, mode, user) => post(api, mode, user, `/api/${mode.id}/logout-all`),
  },
  {
    by: 'a logout everywhere',
    sentence: 'This account was logged out everywhere.',
    end: (api, mode, user) => post(api, mode, user, '/api/account/logout-everywhere', { mode: mode.id }),
  },
  {
    by: 'a change of the password',
    sentence: 'The password was changed in another sign-in.',
    end: (api, _, user) =>
      post(api, changer, user, '/api/account/password', { mode: changer.id, current: user.password, new: newUser().password }),
  },
];

for (const mode of modes) {
  for (const { by, sentence, end } of ends) {
    test(`${mode.name}: the pages say in words that ${by} ended the sign-in`, async ({ signedIn, api, user, console }) => {
      console.expectStatus(401, `/api/${mode.id}/`);
      const home = await signedIn(mode);
      await end(api, mode, user);
      await home.region(mode).button('Rotate').click();
      await home.region(mode).expectState('signed-out');
      await expect(home.region(mode).root).toContainText(sentence);
      await expect(home.alert).toContainText('You were signed out before this was sent.');

      // part: comparison, begin
      await home.follow('Rotation');
      await expect(new RotationPage(home.page).region(mode).root).toContainText(`Signed out. ${sentence}`);
      // part: comparison, end
    });
  }

  test(`${mode.name}: the activity gives the reason of a refusal in words`, async ({ signedIn, page, api, user }) => {
    const other = await api.login(mode, user);
    const ended = await api.call('POST', '/api/account/logout-everywhere', { headers: { ...other }, body: { mode: mode.id } });
    expect(ended.status).toBe(204);
    expect(await api.present(mode, other)).toBe('refused');
    await (await signedIn(mode)).openAccount(mode);
    await new AccountPage(page).activity.click();
    await expect(new ActivityPage(page).events('present', 'refused')).toContainText('Refused: This account was logged out everywhere.');
  });
}

for (const mode of cookieModes) {
  test(`${mode.name}: a reloaded page is rendered with the reason`, async ({ signedIn, api, user }) => {
    const home = await signedIn(mode);
    await post(api, mode, user, `/api/${mode.id}/logout-all`);
    await home.reload();
    await home.region(mode).expectState('signed-out');
    await expect(home.region(mode).root).toContainText('This account was logged out of this mode on every device.');
  });
}
