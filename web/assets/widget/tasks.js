/** Longer than a frame takes on the slowest phone; in a tab that is not in front there are none. */
const FRAME_MS = 120;

/** Lets the browser see to what is more urgent, such as a finger; then goes on. */
export const pause = () => /** @type {any} */ (globalThis).scheduler?.yield?.() ?? new Promise((go) => setTimeout(go));

/** @returns {Promise<void>} When what was changed until now is on the screen. */
export const painted = () =>
  new Promise((go) => {
    requestAnimationFrame(() => setTimeout(go));
    setTimeout(go, FRAME_MS);
  });
