import { bearerModes, type Mode } from './modes.ts';

/** The pages that are a user's own, and those that are about everybody. */
export const own = ['/me/{mode}', '/account/{mode}', '/account/{mode}/activity'];
export const admins = ['/admin/{mode}', '/admin/{mode}/activity'];

/** Such a page, of one mode. */
export function pathOf(template: string, mode: Mode): string {
  return template.replace('{mode}', mode.id);
}

/** Every page that a stranger gets to see. */
export const paths = ['/', '/login', '/register', '/rotation', '/logout', '/api-docs', ...bearerModes.flatMap((mode) => [...own, ...admins].map((path) => pathOf(path, mode)))];
