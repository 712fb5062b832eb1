/** Seconds. Short enough for a test to see several renewals. A server without such a mode ignores the setting. */
export const shortAccess = { ACCESS_TOKEN_LIFETIME: '4' };
