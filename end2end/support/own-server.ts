/**
 * For a test that needs the demo users or its own server settings. A server named by BASE_URL has neither, so such a test
 * is then skipped.
 */
export const ownServer = { tag: '@own-server' };

/** What every project skips. */
export const skipped: readonly RegExp[] = process.env['BASE_URL'] ? [new RegExp(ownServer.tag)] : [];
