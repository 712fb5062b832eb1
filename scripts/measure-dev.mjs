// Used by measure-dev.sh: changes the title of a page, and waits for the browser to show it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { chromium } from '../end2end/node_modules/@playwright/test/index.mjs';

const [url, file] = process.argv.slice(2);
const title = 'Page not found';
const source = readFileSync(file, 'utf8');
if (!source.includes(`"${title}"`)) throw new Error(`${file} has no title "${title}".`);

const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path));
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ args, ...(executablePath ? { executablePath } : {}) });
const page = await browser.newPage();
await page.goto(url);
const heading = page.getByRole('heading', { level: 1 });
await heading.filter({ hasText: title }).waitFor();
await page.locator('html[data-hydrated]').waitFor();
for (const change of [1, 2, 3]) {
  const changed = `${title}, change ${change}`;
  const saved = performance.now();
  writeFileSync(file, source.replace(`"${title}"`, `"${changed}"`));
  // The page reloads by itself.
  await heading.filter({ hasText: changed }).waitFor({ timeout: 300_000 });
  console.log(`change ${change}: ${((performance.now() - saved) / 1000).toFixed(1)} s`);
}
await browser.close();
