/** @import { Facts, Rule } from "./types.js" */

/**
 * Whether everything that a rule asks for is so. What it does not ask for is greater than nothing, and matches any address. Pure.
 *
 * @param {Rule} rule
 * @param {Facts} facts
 * @param {string} url
 */
export const holds = (rule, facts, url) =>
  Object.keys(facts).every((fact) => !(/** @type {any} */ (rule)[fact] > /** @type {any} */ (facts)[fact])) && new RegExp(/** @type {any} */ (rule).url, "i").test(url);

/**
 * Looks at the rules whenever something happens that one of them asks for, and fires once.
 *
 * @param {Rule[]} rules
 * @param {(rule: string) => void} fire
 * @param {AbortSignal} signal Ends it.
 * @returns {(change: Partial<Facts>) => void} Tells it what the conversation has come to.
 */
export function watchRules(rules, fire, signal) {
  /** @type {Facts} */
  const facts = { seconds: 0, scroll: 0, messages: 0, unknown: 0, exit_intent: false };
  const look = (/** @type {Partial<Facts>} */ change) => {
    Object.assign(facts, change);
    const rule = rules.find((each) => holds(each, facts, location.href));
    if (!rule || signal.aborted) return;
    rules = [];
    fire(rule.name);
  };
  for (const { seconds = 0 } of rules) {
    const timer = setTimeout(look, 1_000 * seconds, { seconds });
    signal.addEventListener("abort", () => clearTimeout(timer));
  }
  const { documentElement: page } = document;
  /** @param {EventTarget | undefined} target @param {string} event @param {(event: any) => void} listener */
  const on = (target, event, listener) => target?.addEventListener(event, listener, { signal });
  on(window, "scroll", () => look({ scroll: Math.max(facts.scroll, (100 * (page.scrollTop + page.clientHeight)) / page.scrollHeight) }));
  // Where a browser does not tell of it, the next scroll does.
  on(/** @type {any} */ (window).navigation, "navigatesuccess", () => look({}));
  on(page, "mouseleave", ({ clientY }) => {
    look({ exit_intent: clientY <= 0 });
    facts.exit_intent = false;
  });
  look({});
  return look;
}
