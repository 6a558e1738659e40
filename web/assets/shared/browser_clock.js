/** The browser's own time and network, as `Connection` wants them. */
export const browserClock = {
  now: () => Date.now(),
  random: () => Math.random(),
  /** @param {() => void} run @param {number} ms */
  setTimeout: (run, ms) => setTimeout(run, ms),
  /** @param {any} timer */
  clearTimeout: (timer) => clearTimeout(timer),
  WebSocket,
};
