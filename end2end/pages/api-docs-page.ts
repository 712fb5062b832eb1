import type { Locator } from '@playwright/test';

import { Layout } from './layout.ts';

export class ApiDocsPage extends Layout {
  static readonly path = '/api-docs';

  open(): Promise<void> {
    return this.goto(ApiDocsPage.path);
  }

  /** One call, by its id in the document. */
  operation(id: string): Operation {
    return new Operation(this.main.locator(`details[id="${id}"]`));
  }

  /** One shape of a body. */
  shape(name: string): Locator {
    return this.main.locator(`section[id="shape-${name}"]`);
  }
}

class Operation {
  readonly line: Locator;

  constructor(readonly root: Locator) {
    this.line = root.locator('summary');
  }
}
