import type { Page } from '@playwright/test';

/** The name of each language in itself: the text of the button that switches to it. */
export const languages = { en: 'English', ko: '한국어' };

/** Latin words that are the same in Korean text: names of headers, of formats and of this application, and settings. */
const latin = /Latchkey|JavaScript|Fetch Metadata|Authorization|HttpOnly|[A-Z][A-Za-z-]*[A-Z][\w-]*|[A-Z]{2,}|\/me|alice|UTC|English|Bearer/;

/**
 * The visible texts of the page with two English words in a row that are no terms. Not those of an element with
 * `translate="no"`: a request, a statement, a row.
 */
export function englishTexts(page: Page): Promise<string[]> {
  return page.evaluate((terms) => {
    const known = new RegExp(terms, 'g');
    const untranslated = document.querySelectorAll<HTMLElement | SVGElement>('[translate="no"]');
    for (const element of untranslated) element.style.display = 'none';
    const lines = document.body.innerText.split('\n');
    for (const element of untranslated) element.style.display = '';
    return lines.filter((line) => /[A-Za-z]{2,} [A-Za-z]{2,}/.test(line.replace(known, '·')));
  }, latin.source);
}
