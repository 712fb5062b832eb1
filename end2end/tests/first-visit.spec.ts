import type { Request } from '@playwright/test';

import { expect, test } from '../fixtures.ts';
import { hydrated } from '../pages/layout.ts';

/**
 * Kilobytes of WebAssembly, scripts and styles, as they cross the wire. A change that needs more raises it, and says why: the
 * Korean texts are 9 of them.
 */
const BUDGET = 446;

for (const path of ['/', '/login']) {
  test(`the first visit of ${path} loads at most ${BUDGET} kB of code and styles`, async ({ page }, info) => {
    const requests: Request[] = [];
    page.on('requestfinished', (request) => {
      if (new URL(request.url()).pathname.startsWith('/pkg/')) requests.push(request);
    });
    await page.goto(path);
    await hydrated(page);
    const files = await Promise.all(
      requests.map(async (request) => ({ file: new URL(request.url()).pathname, bytes: (await request.sizes()).responseBodySize })),
    );
    const sum = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
    info.annotations.push({ type: 'kB', description: sum.toFixed(1) });
    expect(files.map(({ file }) => file.replace(/.*\./, '')).toSorted()).toEqual(['css', 'js', 'wasm']);
    expect(sum, JSON.stringify(files)).toBeLessThanOrEqual(BUDGET);
    // A second visit loads none of them, and asks about none.
    const answers = await Promise.all(requests.map((request) => request.response()));
    for (const answer of answers) expect(answer?.headers()['cache-control'], answer?.url()).toContain('immutable');
  });
}
