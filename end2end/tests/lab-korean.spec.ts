// part: comparison
import { expect, test } from '../fixtures.ts';
import { LabPage } from '../pages/lab-page.ts';
import { expectNoViolations } from '../support/axe.ts';
import { englishTexts, languages } from '../support/korean.ts';
import { pixelsTooWide } from '../support/overflow.ts';
import { ownServer } from '../support/own-server.ts';

test.describe('the lab for a browser that prefers Korean', { ...ownServer }, () => {
  test.use({ locale: 'ko-KR' });

  for (const path of ['/lab/claims', '/lab/attacks', '/lab/policies', '/lab/strategies']) {
    test(`${path} and its result have no English sentence`, async ({ page }) => {
      await page.goto(path);
      await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
      expect(await englishTexts(page)).toEqual([]);
      await new LabPage(page).study(path);
      await expect(page.getByText('마지막 실행:')).toBeVisible();
      expect(await englishTexts(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await pixelsTooWide(page)).toBeLessThanOrEqual(0);
      await expectNoViolations(page);
    });
  }

  test('the bench and what it says after each action have no English sentence', async ({ page }) => {
    await page.goto('/lab');
    expect(await englishTexts(page)).toEqual([]);
    await page.getByRole('button', { name: '샌드박스 열기' }).click();
    const actions = ['로그인', '인증 정보 복사', '/me 열기', '로그아웃', '거부될 때까지 복사본으로 요청', '한 브라우저의 탭 8개', '도둑이 먼저 갱신', '+ 5분', '비밀번호 변경', '계정 비활성화'];
    for (const action of actions) {
      const answered = page.waitForResponse((answer) => answer.request().method() === 'GET' && answer.url().endsWith('/lab'));
      await page.getByRole('main').getByRole('button', { name: action, exact: true }).click();
      await answered;
      await page.waitForLoadState();
      expect(await englishTexts(page), action).toEqual([]);
    }
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await pixelsTooWide(page)).toBeLessThanOrEqual(0);
    await expectNoViolations(page);
  });

  test('the tour and its answers have no English sentence', async ({ page }) => {
    await page.goto('/lab/tour');
    for (const group of await page.getByRole('group').all()) await group.getByRole('radio').first().check();
    await page.getByRole('button', { name: '결과 보기' }).click();
    await expect(page.locator('.lab-answer')).toHaveCount(3);
    expect(await englishTexts(page)).toEqual([]);
  });

  test('a result that was found for one reader is shown to another in English', async ({ page }) => {
    await new LabPage(page).study('/lab/attacks');
    await page.getByRole('button', { name: languages.en }).click();
    await expect(page).toHaveURL('/lab/attacks');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await expect(page.getByRole('rowheader', { name: 'One character is changed' })).toBeVisible();
  });
});
