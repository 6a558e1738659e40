import assert from "node:assert/strict";
import { test } from "node:test";

import { api, signIn } from "../../../../web/assets/console/connection/api.js";

const words = async (status, body, headers) => {
  globalThis.fetch = async () => new Response(body, { status, headers });
  return api("GET", "/app/x").catch((error) => error.message);
};

test("the server's own words go before ours", async () => {
  assert.equal(await words(429, JSON.stringify({ error: { code: "too_many", message: "At most 50 invitations." } })), "At most 50 invitations.");
});

test("what a proxy says in HTML is said in words", async () => {
  const page = "<html><h1>413 Request Entity Too Large</h1></html>";
  assert.equal(await words(413, page), "That is too large to send. Make it smaller, then try again.");
  assert.equal(await words(429, page), "That was too much at once. Wait a minute, then try again.");
  assert.equal(await words(429, page, { "Retry-After": "20" }), "That was too much at once. Wait 20 seconds, then try again.");
  assert.equal(await words(429, page, { "Retry-After": "600" }), "That was too much at once. Wait 10 minutes, then try again.");
  assert.equal(await words(429, page, { "Retry-After": "Fri, 27 Nov 2026 10:00:00 GMT" }), "That was too much at once. Wait a minute, then try again.");
  assert.equal(await words(502, page), "Baton does not answer just now. Try again in a moment.");
  assert.equal(await words(500, page), "Something went wrong on our side. Try again in a moment.");
  assert.equal(await words(403, page), "You may not do this, or not any more. Reload the page.");
  assert.equal(await words(418, page), "The server refused this. Reload the page, then try again.");
});

test("whatever is refused first leads to the sign-in page, once; and again for who came back", async ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const went = [];
  globalThis.location = { pathname: "/app/inbox", search: "?q=a", assign: (to) => went.push(to) };
  await Promise.all([words(401, "{}"), words(401, "{}")]);
  signIn();
  assert.deepEqual(went, ["/login?next=%2Fapp%2Finbox%3Fq%3Da"]);
  mock.timers.tick(10_000);
  signIn();
  assert.equal(went.length, 2);
});
