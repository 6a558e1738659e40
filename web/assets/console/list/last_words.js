/** @import { Inline } from "../../shared/inline.js" */
/** @import { Row } from "../types.js" */
import { inline } from "../../shared/inline.js";

/** @param {Inline[]} parts @returns {string} */
const words = (parts) => parts.map(({ text, children }) => (children ? words(children) : text)).join("");

/** What may stand open where a text was cut. */
const ENDS = ["", "*", "**", "***", "`"];

/** A text that was cut reads as if what stands open ended there. @param {string} text */
const read = (text) =>
  (text.endsWith("…") ? ENDS : [""]).map((end) => words(inline(text + end))).reduce((best, each) => (each.length < best.length ? each : best));

/** What was said last in a conversation, in one line and without its marks; what a visitor wrote stays as typed. @param {Row} row */
export const lastWords = ({ preview, preview_role }) => (!preview || !preview_role || preview_role === "user" ? preview : read(preview));
