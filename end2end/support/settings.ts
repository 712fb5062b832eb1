/** Access credentials so short-lived that a test sees several renewals. A server without such a mode ignores the setting. */
export const shortAccess = { ACCESS_TOKEN_LIFETIME: '4' };
