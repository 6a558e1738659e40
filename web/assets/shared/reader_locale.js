/**
 * The locale to write times in: the page's language as its reader has it, with the hours that their first language counts.
 *
 * Who reads British English sees "27 Nov, 14:05" on a page in plain English, and who prefers German sees "14:05" there too.
 *
 * @param {string} language of the page, such as "en"
 * @param {readonly string[]} languages the reader's, best first: `navigator.languages`
 * @returns {string} such as "en-GB", or "en-US-u-hc-h23"
 */
export function readerLocale(language, languages) {
  try {
    const base = baseOf(language);
    const own = language === base ? (languages.find((each) => baseOf(each) === base) ?? language) : language;
    const first = languages[0] ?? own;
    if (first === own) return own; // for most, and a first formatter takes a slow phone its time
    const hourCycle = hoursOf(first);
    return hourCycle === hoursOf(own) ? own : new Intl.Locale(own, { hourCycle }).toString();
  } catch {
    return language; // a browser can be told to prefer what is no language
  }
}

/** @param {string} tag */
const hoursOf = (tag) => new Intl.DateTimeFormat(tag, { hour: "numeric" }).resolvedOptions().hourCycle;

/** @param {string} tag */
const baseOf = (tag) => /** @type {string} */ (tag.split("-")[0]).toLowerCase();
