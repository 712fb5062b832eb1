import { bearerModes, type Mode } from './modes.ts';

/** The pages of a user, and those of an administrator. */
export const own = ['/me/{mode}', '/account/{mode}', '/account/{mode}/activity'];
export const admins = ['/admin/{mode}', '/admin/{mode}/activity'];

/** The path of such a page for one mode. */
export function pathOf(template: string, mode: Mode): string {
  return template.replace('{mode}', mode.id);
}

/** Every page that needs no sign-in. */
export const paths = [
  '/',
  '/login',
  '/register',
  '/rotation', // part: comparison
  '/logout',
  '/api-docs',
  ...bearerModes.flatMap((mode) => [...own, ...admins].map((path) => pathOf(path, mode))),
];
