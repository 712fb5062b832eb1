import type { Locator } from '@playwright/test';

import { Layout } from './layout.ts';

export class ApiDocsPage extends Layout {
  static readonly path = '/api-docs';

  open(): Promise<void> {
    return this.goto(ApiDocsPage.path);
  }

  /** The links to all calls. */
  get contents(): Locator {
    return this.main.getByRole('navigation', { name: 'Contents' });
  }

  /** One call, by its id in the document. */
  operation(id: string): Operation {
    return new Operation(this.main.locator(`details[id="${id}"]`));
  }

  /** One shape of a body. */
  shape(name: string): Locator {
    return this.main.locator(`details[id="shape-${name}"]`);
  }
}

class Operation {
  readonly line: Locator;
  /** Commands and bodies. */
  readonly code: Locator;
  /** The commands: one for each transport. */
  readonly commands: Locator;
  /** Answers of a success, as curl prints them. */
  readonly answers: Locator;

  constructor(readonly root: Locator) {
    this.line = root.locator('summary');
    this.code = root.locator('pre');
    this.commands = this.code.filter({ hasText: /^curl / });
    this.answers = this.code.filter({ hasText: /^HTTP\/1\.1 / });
  }
}
