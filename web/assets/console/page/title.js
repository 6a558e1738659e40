/** The page's title: its name, after how many wait for a person. */

let name = "";
let waiting = "";

/** @param {string} text the name, such as "Inbox · Baton" */
export function setTitle(text) {
  name = text;
  show();
}

/** @param {string} count as badges say it */
export function setTitleCount(count) {
  name ||= document.title;
  waiting = count;
  show();
}

/** @param {string} text @param {string} count */
export const titleWith = (text, count) => (count ? `(${count}) ${text}` : text);

function show() {
  const title = titleWith(name, waiting);
  if (document.title !== title) document.title = title;
}
