/** @import {Row} from "../types.js" */
import { calledOf } from "../details/called.js";
import { lastWords } from "./last_words.js";

const SPEAKER = { user: "", assistant: "Bot: ", "human-agent": "Team: " };
const PLACE = { note: "Note: ", name: "Name: ", email: "E-mail: ", phone: "Phone: ", page: "Page: ", member: "Member: " };

/**
 * What a row says: pieces are in turn plain and marked. In a search that is why it was found, where the server can
 * show it, else what was said last.
 *
 * @param {Row} row @returns {{name: string[], by: string, line: string[]}} `by` is who said the line, or what it is
 */
export function saying(row) {
  const { match, preview, preview_role } = row;
  const { name } = calledOf(row);
  const isCalled = match?.in === "name" && match.pieces.join("") === name;
  if (match && !isCalled) return { name: [name], by: match.in === "message" ? SPEAKER[match.role ?? "user"] : PLACE[match.in], line: match.pieces };
  return { name: isCalled ? match.pieces : [name], by: preview && preview_role ? SPEAKER[preview_role] : "", line: [lastWords(row) ?? ""] };
}

/** Show pieces; what is shown already is left alone. @param {Element} element @param {readonly string[]} pieces */
export function showPieces(element, pieces) {
  const parts = pieces.map((text, index) => ({ text, marked: index % 2 === 1 })).filter(({ text }) => text);
  const shown = [...element.childNodes];
  if (shown.length === parts.length && parts.every(({ text, marked }, index) => shown[index]?.textContent === text && shown[index] instanceof Element === marked)) return;
  element.replaceChildren(...parts.map(({ text, marked }) => (marked ? mark(text) : text)));
}

/** @param {string} text */
function mark(text) {
  const element = document.createElement("mark");
  element.textContent = text;
  return element;
}
