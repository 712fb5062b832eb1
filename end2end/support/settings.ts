/** Seconds. Short enough for a test to see several renewals. A server without such a mode ignores the setting. */
export const shortAccess = { ACCESS_TOKEN_LIFETIME: '4' };

/** Seconds. Short enough to wait for its end, long enough to see the countdown. */
export const shortGrace = { REFRESH_GRACE: '3' };

/** Every second use of a replaced credential ends the sign-in, and an access token ends with its sign-in. */
export const strict = { REFRESH_GRACE: '0', REPLACED_CREDENTIAL: 'end', ACCESS_CHECK: 'sign-in' };

/** The weakest access check: the server reads no row for a credential that it can check without, which lives until it expires. */
export const signatureOnly = { ACCESS_CHECK: 'signature' };
