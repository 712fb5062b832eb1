import type { BrowserContext } from '@playwright/test';

/** The consoles of all pages of one browser. A violated content security policy is an error there too. */
export class Console {
  /** Everything that was printed, for tests that look for secrets. */
  readonly lines: string[] = [];
  private readonly errors: { text: string; url: string }[] = [];
  private readonly expected: { text: string; url: string }[] = [];

  constructor(context: BrowserContext) {
    context.on('console', (message) => {
      this.lines.push(message.text());
      if (message.type() === 'error') this.errors.push({ text: message.text(), url: message.location().url });
    });
    context.on('weberror', (webError) => {
      const error = webError.error();
      this.errors.push({ text: error.stack ?? error.message, url: webError.page()?.url() ?? '' });
    });
  }

  /** Declares as part of the test that `path` answers so: browsers report every status of 400 and above as an error. */
  expectStatus(status: number, path: string): void {
    this.expected.push({ text: `status of ${status}`, url: path });
  }

  get unexpected(): string[] {
    return this.errors
      .filter((error) => !this.expected.some(({ text, url }) => error.text.includes(text) && error.url.includes(url)))
      .map(({ text, url }) => `${text} (${url})`);
  }
}
