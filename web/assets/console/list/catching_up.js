import { catchUpRows } from "./load.js";

/**
 * Brings a list up to date after the connection was lost. What happens while the answer is on its way happens to the
 * answer too, which may be older.
 *
 * @template View, Page
 * @param {object} options
 * @param {{refresh: (page: Page) => number}} options.list gives how much was missed
 * @param {{missed: (count: number) => void}} options.chip
 * @param {() => View} options.view what the list shows now: an answer about another comes too late
 * @param {(view: View) => Promise<Page>} options.load
 */
export function catchingUp({ list, chip, view, load }) {
  /** For each answer that is on its way, what has happened since it was asked for. @type {Set<(() => void)[]>} */
  const waiting = new Set();
  let asked = 0;
  let newest = 0;

  const again = async () => {
    const of = view();
    const number = ++asked;
    const since = /** @type {(() => void)[]} */ ([]);
    waiting.add(since);
    const fresh = await catchUpRows(() => load(of), () => void again());
    waiting.delete(since);
    if (!fresh || view() !== of || number < newest) return;
    newest = number;
    chip.missed(list.refresh(fresh));
    since.forEach((change) => change());
  };

  return {
    again,
    /** A change of the list. @param {() => void} change */
    now(change) {
      waiting.forEach((since) => since.push(change));
      change();
    },
  };
}
