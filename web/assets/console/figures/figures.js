/** Figures among the console's words, which are English: "10,000" would be ten where a German reads it in German. */

/** A number with its thousands apart. @param {number} number */
export const figure = (number) => number.toLocaleString("en");

/** "1 lead", "10,000 leads". @param {number} count @param {string} one @param {string} [several] */
export const howMany = (count, one, several = `${one}s`) => `${figure(count)} ${count === 1 ? one : several}`;

/** How long something took: "340 ms", "1.2 s", "10 s". @param {number} ms */
export const took = (ms) => (ms < 999.5 ? `${figure(Math.round(ms))} ms` : `${figure(Math.round(ms / 100) / 10)} s`);
