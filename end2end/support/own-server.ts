/**
 * For a test that needs the demo users or the settings of a server that it has started itself. A server that BASE_URL names has
 * neither, so playwright.config.ts leaves such a test out there.
 */
export const ownServer = { tag: '@own-server' };
