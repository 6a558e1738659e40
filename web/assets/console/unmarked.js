/** @import { Inline } from "../shared/inline.js" */
import { inline } from "../shared/inline.js";

/** A text in one line without its marks: what it says. @param {string} text */
export const unmarked = (text) => words(inline(text));

/** @param {Inline[]} parts @returns {string} */
const words = (parts) => parts.map(({ text, children }) => (children ? words(children) : text)).join("");
