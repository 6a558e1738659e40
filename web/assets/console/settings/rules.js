/** @typedef {{name: string, url?: string, seconds?: number, scroll?: number, messages?: number, unknown?: number, exit_intent?: boolean}} Rule */

const NUMBERS = ["seconds", "scroll", "messages", "unknown"];

/** The lines of a field, without empty ones. @param {string} text */
export const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/**
 * A rule as the server takes it. What is no number stays as it was typed, so that the server says what is wrong with it.
 *
 * @param {Record<string, string | boolean>} typed
 * @returns {Record<string, string | number | boolean>}
 */
export function ruleOf(typed) {
  return Object.fromEntries(
    Object.entries(typed).map(([name, value]) => {
      if (!NUMBERS.includes(name) || typeof value !== "string") return [name, typeof value === "string" ? value.trim() : value];
      const text = value.trim();
      return [name, /^\d{1,9}$/.test(text) ? Number(text) : text];
    }),
  );
}
