/** Seconds. Short enough for a test to see several renewals. A server without such a mode ignores the setting. */
export const shortAccess = { ACCESS_TOKEN_LIFETIME: '4' };

/** The weakest access check: the server reads no row for an access token or a sealed cookie, which live until they expire. */
export const signatureOnly = { ACCESS_CHECK: 'signature' };
