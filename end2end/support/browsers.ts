import { existsSync } from 'node:fs';

import { devices, firefox, webkit, type LaunchOptions, type Project } from '@playwright/test';

/** A Chromium of the system saves a download of Playwright's own; `undefined` means: that one. */
const chromiumPath = process.env['CHROMIUM'] ?? ['/usr/bin/chromium'].find((path) => existsSync(path));

export const chromiumLaunch: LaunchOptions = {
  ...(chromiumPath ? { executablePath: chromiumPath } : {}),
  args: [
    // Chromium refuses to run its sandbox as root, as in most containers.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    // Nothing but the tests may use the network.
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

const noScripts = '**/*no-js.spec.ts';

/** One browser twice: with scripts, and without for the specs that show what works then. */
function withAndWithoutScripts(name: string, use: NonNullable<Project['use']>): Project[] {
  return [
    { name, use, testIgnore: noScripts },
    { name: `${name}-no-js`, use: { ...use, javaScriptEnabled: false }, testMatch: noScripts },
  ];
}

/**
 * WebKit drops `Secure` cookies, and so all of ours, on http://localhost, where Chromium and Firefox make an exception.
 * It therefore needs a server behind HTTPS, named by BASE_URL.
 */
const webkitCanKeepCookies = process.env['BASE_URL']?.startsWith('https:') ?? false;

export const projects: Project[] = [
  ...withAndWithoutScripts('chromium', { ...devices['Desktop Chrome'], launchOptions: chromiumLaunch }),
  ...(existsSync(firefox.executablePath()) ? withAndWithoutScripts('firefox', devices['Desktop Firefox']) : []),
  ...(existsSync(webkit.executablePath()) && webkitCanKeepCookies
    ? withAndWithoutScripts('webkit', { ...devices['Desktop Safari'], ignoreHTTPSErrors: true })
    : []),
];
