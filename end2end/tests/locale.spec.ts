
import { expect, test } from '../fixtures.ts';
import { hydrated } from '../pages/layout.ts';
import { LoginPage } from '../pages/login-page.ts';
import { expectNoViolations } from '../support/axe.ts';
import { modes } from '../support/modes.ts';
import { englishTexts, languages } from '../support/korean.ts';
import { pixelsTooWide } from '../support/overflow.ts';

test('the switch loads the same page in the other language, and back', async ({ page }) => {
  await page.goto('/login?next=/logout');
  await hydrated(page);
  await page.getByRole('button', { name: languages.ko }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(page).toHaveURL('/login?next=/logout');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('로그인');
  await page.getByRole('button', { name: languages.en }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Log in');
});

test('the switch returns to the page to which a link inside of the app has led', async ({ page }) => {
  await page.goto('/');
  await hydrated(page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Log in' }).click();
  await expect(page).toHaveURL('/login');
  await page.getByRole('button', { name: languages.ko }).click();
  await expect(page).toHaveURL('/login');
});

test.describe('a browser that prefers Korean', () => {
  test.use({ locale: 'ko-KR' });

  for (const path of ['/', '/login', '/register', '/logout']) {
    test(`${path} has no English sentence, and the browser keeps the language of the server`, async ({ page }) => {
      await page.goto(path);
      await hydrated(page);
      await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
      expect(await englishTexts(page)).toEqual([]);
    });

    test(`${path} passes axe and is not wider than a phone`, async ({ page }) => {
      await page.goto(path);
      await hydrated(page);
      for (const width of [360, 390, 1024, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await pixelsTooWide(page), `pixels too wide at ${width}`).toBeLessThanOrEqual(0);
      }
      await expectNoViolations(page);
    });
  }

  test('a link inside of the app leads to a page in Korean', async ({ page }) => {
    await page.goto('/');
    await hydrated(page);
    await page.getByRole('navigation', { name: '주 메뉴' }).getByRole('link', { name: '로그인', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('로그인');
    expect(await englishTexts(page)).toEqual([]);
  });

  test('a page whose texts are English says so', async ({ page }) => {
    await page.goto('/api-docs');
    await expect(page.getByRole('main')).toHaveAttribute('lang', 'en');
    await page.goto('/login');
    await expect(page.getByRole('main')).not.toHaveAttribute('lang');
  });

  for (const mode of modes) {
    test(`${mode.name}: the errors of a login are in Korean`, async ({ page, console }) => {
      console.expectStatus(400, `/api/${mode.id}/login`);
      console.expectStatus(401, `/api/${mode.id}/login`);
      await page.goto(LoginPage.path({ mode }));
      await hydrated(page);
      const form = page.getByRole('form', { name: '로그인' });
      await form.getByRole('button', { name: '로그인', exact: true }).click();
      await expect(form.getByRole('alert')).toHaveText('표시된 항목을 확인하십시오.');
      await expect(form.getByText('비워 둘 수 없습니다.')).toHaveCount(2);
      await form.getByLabel('사용자 이름').fill('unknown');
      await form.getByLabel('비밀번호', { exact: true }).fill('not the password of anyone');
      await form.getByRole('button', { name: '로그인', exact: true }).click();
      await expect(form.getByRole('alert')).toHaveText('사용자 이름이나 비밀번호가 틀렸습니다.');
    });

    test(`${mode.name}: a signed-in card and its logout are in Korean`, async ({ page, user }) => {
      await page.goto(LoginPage.path({ mode, next: '/' }));
      await hydrated(page);
      await page.getByLabel('사용자 이름').fill(user.username);
      await page.getByLabel('비밀번호', { exact: true }).fill(user.password);
      await page.getByRole('form').getByRole('button', { name: '로그인', exact: true }).click();
      const card = page.locator(`[data-mode="${mode.id}"]`);
      await expect(card).toHaveAttribute('data-state', 'signed-in');
      expect(await englishTexts(page)).toEqual([]);
      await card.getByRole('button', { name: '로그아웃', exact: true }).click();
      await expect(card).toHaveAttribute('data-state', 'signed-out');
      expect(await englishTexts(page)).toEqual([]);
    });
  }
});

// part: comparison, begin
test.describe('the guide', () => {
  test.use({ locale: 'ko-KR' });

  test('counts its steps in Korean', async ({ page, user }) => {
    await page.goto('/');
    await hydrated(page);
    const guide = page.getByRole('region', { name: '먼저 해 볼 것' });
    await expect(guide).toContainText('6단계 중 0단계 완료');
    await page.getByLabel('사용자 이름').fill(user.username);
    await page.getByLabel('비밀번호', { exact: true }).fill(user.password);
    await page.getByRole('button', { name: '모두 로그인' }).click();
    await expect(page.getByRole('status')).toHaveText(`모든 방식에 ${user.username} 사용자로 로그인했습니다.`);
    await expect(guide.getByRole('heading', { name: '모든 방식으로 로그인 · 완료' })).toBeVisible();
    expect(await englishTexts(page)).toEqual([]);
  });
});
// part: comparison, end
