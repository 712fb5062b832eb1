import { expect, test } from '../fixtures.ts';
import { HomePage } from '../pages/home-page.ts';
import { RegisterPage } from '../pages/register-page.ts';
import { newUser } from '../support/api.ts';
import { modes } from '../support/modes.ts';

test('an account is made, and signs in with every mode', async ({ page }) => {
  const user = newUser();
  const register = new RegisterPage(page);
  await register.open();
  await register.submit(user);
  await expect(page.getByText('Now log in. If your password is refused')).toBeVisible();

  const home = new HomePage(page);
  await expect(home.logins.getByLabel('Username')).toHaveValue(user.username); // part: comparison
  await home.logInToAll(user);
});

// part: comparison, begin
test('after a registration the form is the first thing on the home page, also on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  const register = new RegisterPage(page);
  await register.open();
  await register.submit(newUser());
  const home = new HomePage(page);
  // Polled: until the page is hydrated, an element may be replaced between two questions.
  await expect.poll(async () => (await home.main.getByLabel('Username').boundingBox())?.y).toBeLessThan(800);
  expect((await home.logins.boundingBox())!.y).toBeLessThan((await home.guide.boundingBox())!.y);
});
// part: comparison, end

test('a taken name is answered as a free one, and keeps its password', async ({ page, user, api }) => {
  const register = new RegisterPage(page);
  const answers: string[] = [];
  for (const attempt of [newUser(), { ...newUser(), username: user.username }]) {
    await register.open();
    await register.submit(attempt);
    await expect(page.getByText('Now log in. If your password is refused')).toBeVisible();
    answers.push((await register.main.innerText()).replaceAll(attempt.username, 'NAME'));
  }
  expect(answers[1]).toBe(answers[0]);
  for (const mode of modes) await api.login(mode, user);
});

const { username, password } = newUser();
const refused = [
  { what: 'no name', user: { username: '', password }, field: 'username', says: /required|blank|1 to 64/ },
  { what: 'a name with a space', user: { username: 'two words', password }, field: 'username', says: /without spaces/ },
  { what: 'a short password', user: { username, password: 'fourteen chars' }, field: 'password', says: /at least 15 characters/ },
  { what: 'a long password', user: { username, password: 'long-'.repeat(60) }, field: 'password', says: /at most 256 characters/ },
  { what: 'a password from a list', user: { username, password: 'passwordpassword' }, field: 'password', says: /easy to guess/ },
] as const;

for (const { what, user, field, says } of refused) {
  test(`${what} is refused beside its field`, async ({ page, console }) => {
    console.expectStatus(400, '/api/register');
    const register = new RegisterPage(page);
    await register.open();
    await register.submit(user);
    await expect(register[field]).toHaveAccessibleDescription(says);
    await expect(register[field]).toHaveAttribute('aria-invalid', 'true');
    await expect(register[field]).toBeFocused();
    await expect(register.alert).toHaveText(`Check the ${field}.`);
    const other = field === 'username' ? register.password : register.username;
    await expect(other).not.toHaveAttribute('aria-invalid', 'true');
    await expect(register.username).toHaveValue(user.username);
  });
}

test('the form says what makes a password, and speaks to password managers', async ({ page }) => {
  const register = new RegisterPage(page);
  await register.open();
  await expect(register.password).toHaveAccessibleDescription(/15/);
  await expect(register.password).toHaveAttribute('autocomplete', 'new-password');
  await register.password.fill('8 letter');
  await expect(register.form).toContainText('8 characters, 7 more needed');
  await register.password.fill('16 letters or so');
  await expect(register.form).toContainText('16 characters ✓');
});

test('the form says its rules once, and focuses the first invalid field', async ({ page, console }) => {
  console.expectStatus(400, '/api/register');
  const register = new RegisterPage(page);
  await register.open();
  await register.submit({ username: 'two words', password: 'too short' });
  await expect(register.alert).toHaveText('Check the marked fields.');
  await expect(register.username).toBeFocused();
  await expect(register.form.getByText(/at least 15 characters/i)).toHaveCount(1);
  await expect(register.form.getByText(/letters, digits/i)).toHaveCount(1);
});
