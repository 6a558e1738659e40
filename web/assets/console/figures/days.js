const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** When a day begins here, as an instant; `after` days later. Nothing for what is no day. @param {string} day @param {number} [after] */
export function dayBegins(day, after = 0) {
  if (!DAY.test(day)) return "";
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const at = new Date(year, month - 1, date + after);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

/** The day that an instant falls on here; `after` days later. A day stays itself. @param {string} instant @param {number} [after] */
export function dayOf(instant, after = 0) {
  if (!instant || DAY.test(instant)) return instant;
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return "";
  at.setDate(at.getDate() + after);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
