import assert from "node:assert/strict";
import { test } from "node:test";

import { readerLocale } from "../../../web/assets/shared/reader_locale.js";

const AT = new Date(2026, 10, 27, 4, 54);
const time = (locale) => new Intl.DateTimeFormat(locale, { timeStyle: "short" }).format(AT).replace(/\s/g, " ");
const date = (locale) => new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" }).format(AT);

const CASES = [
  ["British English on a page in English", "en", ["en-GB", "en"], "04:54", "27 Nov"],
  ["American English", "en", ["en-US", "en"], "4:54 AM", "Nov 27"],
  ["English as it comes", "en", [], "4:54 AM", "Nov 27"],
  ["who prefers German has their hours, and the page's words", "en", ["de-DE", "de", "en-GB"], "04:54", "27 Nov"],
  ["whose languages have none of the page's", "en", ["de-DE"], "04:54", "Nov 27"],
  ["an American who chose the page in German", "de", ["en-US"], "4:54 AM", "27. Nov."],
  ["Austrian German, from the words to the hours", "de", ["de-AT", "en-US"], "04:54", "27. Nov."],
  ["a page that has a region of its own", "en-US", ["en-GB"], "04:54", "Nov 27"],
  ["a browser with no language at all", "en", ["@@"], "4:54 AM", "Nov 27"],
];

for (const [who, language, languages, hours, day] of CASES) {
  test(`times are written for ${who}`, () => {
    const locale = readerLocale(language, languages);
    assert.deepEqual([time(locale), date(locale)], [hours, day]);
  });
}
