/** @import {Lead, Row} from "../types.js" */
import { part, setText } from "../parts/dom.js";

/**
 * What a visitor is called, everywhere in the console, and what that name rests on: "verified" is proved by the site,
 * "claimed" is what the site or anybody in its page says, "" needs no saying.
 *
 * @typedef {{name: string, proof: "" | "verified" | "claimed"}} Called
 */

const WORDS = { verified: "verified", claimed: "not verified" };
const TITLES = { verified: "Your site has proved who this is", claimed: "Your site says so, without proof" };

/**
 * A proved name before all; then what the visitor left, what the site claims, and the name Baton made up.
 *
 * @param {Pick<Row, "visitor_name" | "lead_name" | "person">} row @param {Lead | null} [lead] of an opened one, whose row may be older than the name
 * @returns {Called}
 */
export function calledOf({ visitor_name, lead_name, person }, lead) {
  const told = person?.name || person?.email || "";
  if (told && person?.verified) return { name: told, proof: "verified" };
  const left = lead_name || (lead ? leadName(lead) : "");
  if (left) return { name: left, proof: "" };
  return told ? { name: told, proof: "claimed" } : { name: visitor_name, proof: "" };
}

/** What they left to be called by. @param {Pick<Lead, "name" | "email" | "phone">} lead */
export const leadName = ({ name, email, phone }) => name || email || phone;

/** In one line of text, where a mark has no place. @param {Called} called */
export const inWords = ({ name, proof }) => (proof === "claimed" ? `${name} (${WORDS.claimed})` : name);

/** The mark beside a name. @param {Element} root with the part `proof` @param {Called} called */
export function showProof(root, { proof }) {
  const mark = part(root, "proof");
  mark.hidden = !proof;
  mark.dataset.kind = proof;
  mark.title = proof ? TITLES[proof] : "";
  part(mark, "words").classList.toggle("unseen", proof === "verified");
  setText(part(mark, "words"), proof ? WORDS[proof] : "");
}
