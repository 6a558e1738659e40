/**
 * How well a name fits what was typed: higher is better, 0 not at all. Every letter must occur in order; beginnings of
 * words and runs of letters count more, and a short name more than a long one. Accents and case do not matter.
 *
 * @param {string} typed @param {string} name @param {string} [also] other words for it, which count less
 */
export function fit(typed, name, also = "") {
  const wanted = plain(typed);
  if (!wanted) return 1;
  return Math.max(score(wanted, plain(name)), ...plain(also).split(" ").map((word) => (word.startsWith(wanted) ? 0.5 : 0)));
}

/** @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** @param {string} wanted @param {string} name */
function score(wanted, name) {
  const at = name.indexOf(wanted);
  if (at === 0) return 3 + wanted.length / name.length;
  if (at > 0 && isStart(name, at)) return 2 + wanted.length / name.length;
  let total = 0;
  let from = 0;
  let last = -2;
  for (const letter of wanted.replaceAll(" ", "")) {
    const next = best(name, letter, from, last);
    if (next < 0) return 0;
    total += next === last + 1 ? 0.8 : isStart(name, next) ? 1 : 0.2;
    last = next;
    from = next + 1;
  }
  const share = total / wanted.length;
  // Letters strewn over a name are no match that anybody means.
  return share < 0.5 ? 0 : share + wanted.length / name.length / 2;
}

/** The next place of a letter: right after the last one, else where a word begins, else anywhere. @param {string} name @param {string} letter @param {number} from @param {number} last */
function best(name, letter, from, last) {
  if (name[last + 1] === letter) return last + 1;
  for (let at = name.indexOf(letter, from); at >= 0; at = name.indexOf(letter, at + 1)) if (isStart(name, at)) return at;
  return name.indexOf(letter, from);
}

/** @param {string} name @param {number} at */
const isStart = (name, at) => at === 0 || !/[\p{L}\p{N}]/u.test(name[at - 1] ?? "");
