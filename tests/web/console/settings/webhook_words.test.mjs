import assert from "node:assert/strict";
import { test } from "node:test";
import { deliveryWords, jobWords } from "../../../../web/assets/console/settings/webhook_words.js";

test("a delivery is told with its answer, how long that took and the try, a job with its tries", () => {
  const delivery = { event: "lead.captured", delivered: false, status: null, attempt: 3, duration_ms: 10_004 };
  assert.equal(deliveryWords(delivery), "No answer after 10 s, try 3");
  assert.equal(deliveryWords({ ...delivery, delivered: true, status: 204, attempt: 1, duration_ms: 87 }), "Arrived, 204 after 87 ms");
  assert.equal(jobWords({ kind: "webhook", attempts: 1 }), "Webhook, given up after 1 try");
});
