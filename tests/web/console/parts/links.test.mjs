import assert from "node:assert/strict";
import { test } from "node:test";
import { safeUrl, trueHost } from "../../../../web/assets/console/parts/links.js";

test("nothing but http and https is an address of the web", () => {
  assert.equal(safeUrl("javascript:alert(1)"), null);
  assert.equal(safeUrl(" https://a.example"), null);
  assert.equal(safeUrl("https://a.example/x"), "https://a.example/x");
});

test("a link that hides where it leads is told apart", () => {
  const hosts = {
    "https://shop.example/a?b=1": "",
    "HTTPS://Shop.Example:443/": "",
    "https://shop.example:8443/": "",
    "https://paypal.com@evil.example/login": "evil.example",
    "https://paypal.com:x@evil.example": "evil.example",
    "https://\u0430pple.com/": "xn--pple-43d.com",
    "https://xn--pple-43d.com/": "xn--pple-43d.com",
    "https://0x7f.1/": "127.0.0.1",
  };
  for (const [url, host] of Object.entries(hosts)) assert.equal(trueHost(url), host, url);
});
