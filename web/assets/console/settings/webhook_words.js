import { howMany, took } from "../figures/figures.js";

/**
 * @typedef {{id: string, url: string, events: string[], enabled: boolean, failing_since: string | null, disabled_reason: string | null, previous_until: string | null}} Webhook
 * @typedef {{id: string, event: string, attempt: number, at: string, duration_ms: number, delivered: boolean, status: number | null, error: string, response: string, again: boolean}} Delivery
 * @typedef {{id: string, kind: string, attempts: number, error: string, failed_at: string}} DeadJob
 */

/** @type {Record<string, string>} */
const KINDS = {
  lead_mail: "Mail about a lead",
  invitation_mail: "Invitation",
  password_reset_mail: "Link to a new password",
  webhook_disabled_mail: "Mail about a webhook",
  webhook: "Webhook",
};

/** How a webhook does. @param {Webhook} webhook */
export function webhookWords({ enabled, failing_since, disabled_reason }) {
  if (!enabled) return disabled_reason ? `Switched off after days of failing: ${disabled_reason}` : "Switched off.";
  return failing_since ? "Failing. It is tried again for five days, then switched off." : "On.";
}

/** What came of a try. @param {Delivery} delivery */
export function deliveryWords({ delivered, status, attempt, duration_ms }) {
  const outcome = delivered ? `Arrived, ${status}` : status ? `Refused, ${status}` : "No answer";
  return `${outcome} after ${took(duration_ms)}${attempt > 1 ? `, try ${attempt}` : ""}`;
}

/** What was given up. @param {DeadJob} job */
export const jobWords = ({ kind, attempts }) => `${KINDS[kind] ?? kind}, given up after ${howMany(attempts, "try", "tries")}`;
