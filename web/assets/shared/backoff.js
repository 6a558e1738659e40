const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** How a close code changes the wait; the others are ops/PROTOCOL.md's business, not ours. */
const TOO_MANY = 4029;
const RESTARTING = 1012;
const TOO_SLOW = 4008;

/**
 * How long to wait before the next attempt, with jitter so that a thousand clients do not come back at once.
 *
 * @param {number} attempt attempts that failed since the last that worked
 * @param {{code?: number, reason?: string}} closed what ended the connection
 * @param {() => number} [random] 0 ≤ x < 1
 * @returns {number} milliseconds
 */
export function backoff(attempt, { code, reason = "" }, random = Math.random) {
  const jitter = 0.5 + random() / 2;
  if (code === TOO_MANY) return 60_000 + 30_000 * random();
  if (code === RESTARTING && attempt === 0) return retryAfter(reason) * (1 + random());
  if (code === TOO_SLOW && attempt === 0) return FIRST_MS * random();
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10)) * jitter;
}

/** @param {string} reason such as `{"retry_after_ms": 1500}` */
const retryAfter = (reason) => Math.min(LONGEST_MS, Number(/retry_after_ms\D*(\d+)/.exec(reason)?.[1] ?? 1000));
