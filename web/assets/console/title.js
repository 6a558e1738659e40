/** The page's title: its name, after how many wait for a person. */

const MOST = 99;
let name = "";
let waiting = 0;

/** @param {string} text the name, such as "Inbox · Baton" */
export function setTitle(text) {
  name = text;
  show();
}

/** @param {number} count */
export function setTitleCount(count) {
  name ||= document.title;
  waiting = count;
  show();
}

/** @param {string} text @param {number} count */
export const titleWith = (text, count) => (count ? `(${atMost(count)}) ${text}` : text);

/** A number as badges have room for it. @param {number} count */
export const atMost = (count) => (count > MOST ? `${MOST}+` : String(count));

function show() {
  const title = titleWith(name, waiting);
  if (document.title !== title) document.title = title;
}
