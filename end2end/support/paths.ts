import { bearerModes } from './modes.ts';

/** Every page that a stranger gets to see. */
export const paths = ['/', '/login', '/register', '/rotation', '/logout', '/api-docs', ...bearerModes.map((mode) => `/me/${mode.id}`)];
