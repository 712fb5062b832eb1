/**
 * For a test that needs the demo users or its own server settings. A server named by BASE_URL has neither, so
 * playwright.config.ts then skips such a test.
 */
export const ownServer = { tag: '@own-server' };
