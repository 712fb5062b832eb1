import { expect, test } from '../fixtures.ts';
import { LoginPage } from '../pages/login-page.ts';
import { englishTexts, languages } from '../support/korean.ts';
import { cookieModes } from '../support/modes.ts';

// Runs in the projects without JavaScript. Do not wait for hydration here: it never happens.

for (const path of ['/', '/login', '/register', '/logout']) {
  test(`${path}: the switch loads the same page in Korean, and back`, async ({ page }) => {
    await page.goto(path);
    await page.getByRole('button', { name: languages.ko }).click();
    await expect(page).toHaveURL(path);
    await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
    expect(await englishTexts(page)).toEqual([]);
    await page.getByRole('button', { name: languages.en }).click();
    await expect(page).toHaveURL(path);
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    expect(await englishTexts(page)).not.toEqual([]);
  });
}

for (const mode of cookieModes) {
  test(`${mode.name}: the errors of a login are in Korean`, async ({ page }) => {
    await page.goto(LoginPage.path({ mode }));
    await page.getByRole('button', { name: languages.ko }).click();
    const form = page.getByRole('form', { name: '로그인' });
    await form.getByLabel('사용자 이름').fill('unknown');
    await form.getByLabel('비밀번호', { exact: true }).fill('not the password of anyone');
    await form.getByRole('button', { name: '로그인', exact: true }).click();
    await expect(form.getByRole('alert')).toHaveText('사용자 이름이나 비밀번호가 틀렸습니다.');
  });
}
