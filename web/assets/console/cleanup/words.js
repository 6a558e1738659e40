import { figure, howMany } from "../figures/figures.js";

/** @typedef {{title: string, text: string, verb: string}} Words */

const FINAL = "Visitors who are still there start afresh. This cannot be undone.";

/** @param {number} count */
export const conversations = (count) => howMany(count, "conversation");

/** @param {string} visitor @param {boolean} hasLead @returns {Words} */
export const one = (visitor, hasLead) => ({
  title: `Delete the conversation with ${visitor}?`,
  text: `Its messages${hasLead ? ", its lead" : ""} and tags go with it. If the visitor is still there, they start afresh. This cannot be undone.`,
  verb: "Delete conversation",
});

/** @param {number} count @param {number} leads @returns {Words} */
export const several = (count, leads) => ({
  title: `Delete ${conversations(count)}?`,
  text: `Their messages and tags go with them${withLeads(leads)}. ${FINAL}`,
  verb: `Delete ${conversations(count)}`,
});

/** @param {number} count @param {number} leads @returns {Words} */
export const empty = (count, leads) => ({
  title: `Delete ${conversations(count)} in which nobody wrote?`,
  text: `Those in which a visitor wrote at least one message stay${leads ? `, but ${leadsIn(leads)} left without a message will go` : ""}. ${FINAL}`,
  verb: `Delete ${conversations(count)}`,
});

/** @param {number | undefined} count unknown when it could not be read; it is counted anew before anything is deleted */
export const emptyButton = (count) =>
  count === undefined
    ? { name: "Delete empty", title: "Delete conversations in which nobody wrote. How many there are could not be read just now." }
    : { name: `Delete empty (${figure(count)})`, title: `Delete ${conversations(count)} in which nobody wrote` };

/** How far a long one is. @param {{left: number, total: number}} progress */
export const progress = ({ left, total }) => `Deleting: ${figure(left)} of ${figure(total)} left`;

/** @param {number} count */
const leadsIn = (count) => howMany(count, "lead");

/** @param {number} leads */
const withLeads = (leads) => (leads ? `, and ${leadsIn(leads)}` : "");
