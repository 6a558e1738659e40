/** @import { Inline } from "../../shared/inline.js" */
/** @import { Row } from "../types.js" */
import { inline } from "../../shared/inline.js";

/** @param {Inline[]} parts @returns {string} */
const words = (parts) => parts.map(({ text, children }) => (children ? words(children) : text)).join("");

/** What may stand open where a text was cut. */
const ENDS = ["", "*", "**", "***", "`", " ```"];

/** A link whose words or address were cut. A number in brackets cites a source, and what follows a letter, as in `a[0`, is no link. */
const CUT_LINK = /(?<![\\`\p{L}\p{N}_])!?\[(?!\d{1,2}\]?…)([^[\]\n]{1,500})(?:\](?:\((?:[^\s()]|\([^\s()]*\)?)*)?)?…$/u;

/** A text that was cut reads as if what stands open ended there. @param {string} text */
function read(text) {
  const [ends, whole] = text.endsWith("…") ? [ENDS, text.replace(CUT_LINK, "$1…")] : [[""], text];
  return ends.map((end) => words(inline(whole + end))).reduce((best, each) => (each.length < best.length ? each : best));
}

/** What was said last in a conversation, in one line and without its marks; what a visitor wrote stays as typed. @param {Row} row */
export const lastWords = ({ preview, preview_role }) => (!preview || !preview_role || preview_role === "user" ? preview : read(preview));
