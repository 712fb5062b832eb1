import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { expect, test } from '../fixtures.ts';
import { chromiumLaunch } from '../support/browsers.ts';
import { cookieModes } from '../support/modes.ts';

/** Not a dependency: it is as large as all others together. npx installs it when the command is run. */
const LIGHTHOUSE = 'lighthouse@12.8.2';
/** The least score of each category, of 100. */
const LEAST = 98;

interface Report {
  categories: Record<string, { title: string; score: number | null }>;
  audits: Record<string, { title: string; score: number | null; scoreDisplayMode: string; displayValue?: string }>;
}

const [cookieMode] = cookieModes;
const protectedPages = cookieMode ? [`/me/${cookieMode.id}`] : [];

const paths = [
  '/',
  '/login',
  '/lab', // part: comparison
  ...protectedPages,
];

for (const path of paths) {
  test(`${path} has ${LEAST} or more in every category`, async ({ server, user, api }, info) => {
    const { cookie } = cookieMode && protectedPages.includes(path) ? await api.login(cookieMode, user) : {};
    const file = info.outputPath('report.json');
    await promisify(execFile)(
      'npx',
      [
        '--yes',
        LIGHTHOUSE,
        `${server.origin}${path}`,
        '--quiet',
        // Slows the network and the processor down, and measures. The default calculates from a run at full speed, and
        // takes each file that arrived before the first paint there for one that the paint has waited for.
        '--throttling-method=devtools',
        // Lighthouse requests that file from inside the page, which the policy of a page without scripts refuses.
        '--skip-audits=robots-txt',
        '--output=json',
        `--output-path=${file}`,
        `--chrome-flags=--headless=new ${(chromiumLaunch.args ?? []).join(' ')}`,
        ...(cookie ? [`--extra-headers=${JSON.stringify({ Cookie: cookie })}`] : []),
      ],
      { env: { ...process.env, ...(chromiumLaunch.executablePath ? { CHROME_PATH: chromiumLaunch.executablePath } : {}) } },
    );
    const { categories, audits } = JSON.parse(await readFile(file, 'utf8')) as Report;
    const scores = Object.values(categories).map(({ title, score }) => `${title} ${Math.round((score ?? 0) * 100)}`);
    const lost = Object.values(audits)
      .filter(({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode !== 'informative')
      .map(({ title, displayValue }) => `${title}${displayValue ? ` (${displayValue})` : ''}`);
    console.log(`${path}: ${scores.join(', ')}${lost.length ? `; ${lost.join('; ')}` : ''}`);
    for (const { title, score } of Object.values(categories)) expect.soft((score ?? 0) * 100, title).toBeGreaterThanOrEqual(LEAST);
  });
}
