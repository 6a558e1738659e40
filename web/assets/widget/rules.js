/** @import { Facts, Rule } from "./types.js" */

/**
 * Whether everything that a rule asks for is so. One that asks for nothing never fires. Pure.
 *
 * @param {Rule} rule
 * @param {Facts} facts
 */
export function holds({ url, exit_intent, ...least }, facts) {
  const { seconds = 0, scroll = 0, messages = 0, unknown = 0 } = least;
  if (!(url || exit_intent || seconds || scroll || messages || unknown)) return false;
  const enough = seconds <= facts.seconds && scroll <= facts.scroll && messages <= facts.messages && unknown <= facts.unknown;
  return enough && (!exit_intent || facts.leaving) && (!url || matches(url, facts.url));
}

/**
 * @param {string} pattern A whole address, or one without its site; `*` stands for anything.
 * @param {string} url
 */
function matches(pattern, url) {
  const parts = pattern.split("*").map((part) => part.replace(/[.?+^$(){}|[\]\\]/g, "\\$&"));
  const whole = new RegExp(`^${parts.join(".*")}$`, "i");
  return whole.test(url) || whole.test(url.replace(/^\w+:\/\/[^/]+/, ""));
}

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
  const facts = { seconds: 0, scroll: 0, messages: 0, unknown: 0, leaving: false, url: "" };
  let fired = false;
  /** @param {Partial<Facts>} change */
  const look = (change) => {
    Object.assign(facts, change, { url: location.href });
    const rule = !fired && !signal.aborted && rules.find((each) => holds(each, facts));
    if (!rule) return;
    fired = true;
    fire(rule.name);
  };
  const scrolled = () => {
    const { scrollTop, clientHeight, scrollHeight } = document.documentElement;
    look({ scroll: Math.max(facts.scroll, (100 * (scrollTop + clientHeight)) / scrollHeight) });
  };
  for (const { seconds } of rules) {
    if (!seconds) continue;
    const timer = setTimeout(() => look({ seconds: Math.max(facts.seconds, seconds) }), 1_000 * seconds);
    signal.addEventListener("abort", () => clearTimeout(timer));
  }
  addEventListener("scroll", scrolled, { passive: true, signal });
  addEventListener("popstate", () => look({}), { signal });
  /** @type {{ navigation?: EventTarget }} */ (window).navigation?.addEventListener("navigatesuccess", () => look({}), { signal });
  document.documentElement.addEventListener(
    "mouseleave",
    ({ clientY }) => {
      look({ leaving: clientY <= 0 });
      facts.leaving = false;
    },
    { signal },
  );
  look({});
  return look;
}
