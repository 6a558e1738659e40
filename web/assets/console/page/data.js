/** @import {PageData} from "../types.js" */

/** What the server put into the page. @returns {PageData} */
export const pageData = () => JSON.parse(document.getElementById("page-data")?.textContent ?? "null");
