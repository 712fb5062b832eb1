import type { BrowserContext } from '@playwright/test';

import { renewingModes } from './modes.ts';

/** The consoles of all pages of one browser. A violation of the Content-Security-Policy is an error there, too. */
export class Console {
  /** All messages, for tests that look for secrets. */
  readonly lines: string[] = [];
  private readonly errors: { text: string; url: string }[] = [];
  private readonly expected: { text: string; url: string }[] = [];
  /** A browser that does not know whether it has a refresh cookie tries one renewal. Without a cookie the answer is 401. */
  private readonly expectedOnce = renewingModes.map(({ id }) => ({ text: 'status of 401', url: `/api/${id}/rotate` }));

  constructor(
    context: BrowserContext,
    private readonly browserName: string,
  ) {
    context.on('console', (message) => {
      this.lines.push(message.text());
      if (message.type() === 'error') this.errors.push({ text: message.text(), url: message.location().url });
    });
    context.on('weberror', (webError) => {
      const error = webError.error();
      this.errors.push({ text: error.stack ?? error.message, url: webError.page()?.url() ?? '' });
    });
  }

  /** Allows `path` to answer with this status: browsers report every status of 400 and above as an error. */
  expectStatus(status: number, path: string): void {
    this.expected.push({ text: `status of ${status}`, url: path });
  }

  get unexpected(): string[] {
    // Firefox gives no text to the refused status of a form's answer.
    const hasNoText = (text: string) => this.browserName === 'firefox' && text === 'undefined';
    const matches = (error: { text: string; url: string }) => (expected: { text: string; url: string }) =>
      (error.text.includes(expected.text) || hasNoText(error.text)) && error.url.includes(expected.url);
    const once = this.expectedOnce.map((expected) => this.errors.find((error) => matches(error)(expected)));
    return this.errors
      // Firefox asks for an icon of its own beside a JSON answer, whose policy allows no image.
      .filter((error) => !/^Content-Security-Policy: .*\/favicon\.ico /.test(error.text))
      .filter((error) => !this.expected.some(matches(error)) && !once.includes(error))
      .map(({ text, url }) => `${text} (${url})`);
  }
}
