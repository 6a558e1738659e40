/** @import { Catalogue } from "./types.js" */
import { readerLocale } from "../shared/reader_locale.js";

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufefc]/;

/** @type {Catalogue} */ let texts = {};
let language = "en";
/** @type {Intl.PluralRules | undefined} */ let plurals;
/** @type {Intl.DateTimeFormat | undefined} */ let clock;
let ofReader = "";

/**
 * From here on the widget says what stands in this catalogue.
 *
 * @param {string} code Of the language, such as "de".
 * @param {Catalogue} catalogue
 */
export function speak(code, catalogue) {
  texts = catalogue;
  language = code;
  plurals = clock = undefined;
  ofReader = "";
}

/** Which way the language is written. */
export const direction = () => (language === "ar" ? "rtl" : "ltr");

/**
 * The text for `key` with its values put in: `{name}` stands for one, and `count` chooses among plural forms.
 *
 * @param {string} key One of the catalogue's.
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function say(key, values = {}) {
  const entry = texts[key] ?? "";
  const text = typeof entry === "string" ? entry : (entry[form(Number(values.count))] ?? entry.other ?? "");
  return text.replace(/\{(\w+)\}/g, (_, name) => put(values[name] ?? ""));
}

/** @param {number} count */
const form = (count) => (plurals ??= new Intl.PluralRules(language)).select(count);

/** A name that is written the other way is kept from turning what stands around it. @param {string | number} value */
function put(value) {
  if (typeof value === "number") return written(value);
  return rightToLeft.test(value) === (direction() === "rtl") ? value : `\u2068${value}\u2069`;
}

/**
 * A number as the language writes it. A small one by hand: a browser's first number by `Intl` takes a slow phone 150 ms, the time in which
 * the whole panel should be there.
 *
 * @param {number} value
 */
const written = (value) => (value > 999 ? value.toLocaleString(language) : String(value));

const locale = () => (ofReader ||= readerLocale(language, navigator.languages));

/** The time of day. @param {Date} when */
export const clockTime = (when) => (clock ??= new Intl.DateTimeFormat(locale(), { timeStyle: "short" })).format(when);

/** Day and time. @param {Date} when */
export const fullTime = (when) => when.toLocaleString(locale(), { dateStyle: "long", timeStyle: "short" });
