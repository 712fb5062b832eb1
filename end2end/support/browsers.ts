import { existsSync } from 'node:fs';

import { devices, webkit, type LaunchOptions, type Project } from '@playwright/test';

/**
 * The system's Chromium, if there is one. `undefined` means the Chromium that Playwright downloaded. The headless shell is the
 * same browser without its windows, and runs these tests in about half of the time.
 */
const chromiumPath =
  process.env['CHROMIUM'] ?? ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path));

export const chromiumLaunch: LaunchOptions = {
  ...(chromiumPath ? { executablePath: chromiumPath } : {}),
  args: [
    // As root, as in most containers, Chromium refuses to start with its sandbox.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    // Disable everything that uses the network by itself.
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/**
 * A stock Firefox, which Playwright drives over WebDriver BiDi. Playwright 1.63 and later ask for commands that the extended
 * support release of Firefox does not know, so package.json pins 1.62. What BiDi cannot do yet: turn scripts off
 * (`javaScriptEnabled` has no effect, and with Firefox's own preference no field can be filled), so the specs for pages
 * without scripts run in Chromium alone; and answer a routed request with `route.fetch`, which does not return.
 */
const firefoxPath = process.env['FIREFOX'] ?? ['/usr/bin/firefox-esr'].find((path) => existsSync(path));

/**
 * The specs that also run in Firefox: signing in and out in every mode, forms, cookies, storage, tabs, renewal, and other
 * sites. The others test the content of pages and the API, and run in Chromium, and in WebKit where it is installed. A test
 * of these is marked by `inFirefox` if browsers differ in what it needs.
 */
const firefoxSpecs = ['csrf', 'login', 'renewal', 'secrets', 'side-by-side', 'tabs'];

/** Marks a test that also runs in Firefox. */
export const inFirefox = { tag: '@in-firefox' };

/** Playwright matches it against the names of project, file and test with its tags. */
const firefoxTests = new RegExp(`(?<![\\w-])(${firefoxSpecs.join('|')})\\.spec\\.ts|${inFirefox.tag}\\b`);

const firefox = (executablePath: string): NonNullable<Project['use']> => ({
  ...devices['Desktop Firefox'],
  channel: 'moz-firefox',
  launchOptions: { executablePath },
});

const noScripts = '**/*no-js.spec.ts';

/** One browser twice: with scripts, and without scripts for the specs that test that. */
function withAndWithoutScripts(name: string, use: NonNullable<Project['use']>): Project[] {
  return [
    { name, use, testIgnore: noScripts },
    { name: `${name}-no-js`, use: { ...use, javaScriptEnabled: false }, testMatch: noScripts },
  ];
}

/**
 * WebKit drops `Secure` cookies, and so all of ours, on http://localhost. Chromium and Firefox make an exception there.
 * WebKit therefore needs a server behind HTTPS, named by BASE_URL.
 */
const webkitCanKeepCookies = process.env['BASE_URL']?.startsWith('https:') ?? false;

export const projects: Project[] = [
  ...withAndWithoutScripts('chromium', { ...devices['Desktop Chrome'], launchOptions: chromiumLaunch }),
  ...(firefoxPath
    ? [{ name: 'firefox', use: firefox(firefoxPath), grep: firefoxTests }]
    : []),
  ...(existsSync(webkit.executablePath()) && webkitCanKeepCookies
    ? withAndWithoutScripts('webkit', { ...devices['Desktop Safari'], ignoreHTTPSErrors: true })
    : []),
];
