import type { Page } from '@playwright/test';

import type { Mode } from './modes.ts';

/** Takes the lock of a mode and never releases it, like a tab that hangs. The page needs a document of our origin. */
export function holdLock(page: Page, mode: Mode): Promise<void> {
  return page.evaluate(
    (name) =>
      new Promise<void>((held) => {
        void navigator.locks.request(name, () => {
          held();
          return new Promise<never>(() => {});
        });
      }),
    `latchkey-${mode.id}-renew`,
  );
}

/** An init script that removes Web Locks from the browser. */
export function withoutLocks(): void {
  Reflect.deleteProperty(Navigator.prototype, 'locks');
}
