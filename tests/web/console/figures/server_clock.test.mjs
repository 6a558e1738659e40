import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerClock } from "../../../../web/assets/console/figures/server_clock.js";

test("the server's time goes on whatever our clock says, once it is asked again", () => {
  let wall = 1_000_000;
  let steady = 0;
  const clock = new ServerClock(() => wall, () => steady);
  const pass = (ms) => ((wall += ms), (steady += ms));
  clock.sync(5_000_000);
  pass(60_000);
  assert.deepEqual([clock.now(), clock.jumped], [5_060_000, false]);
  wall += 7_200_000; // somebody sets the clock
  assert.equal(clock.jumped, true);
  clock.sync(5_060_000);
  assert.deepEqual([clock.now(), clock.jumped], [5_060_000, false]);
  clock.sync(5_060_900, 1_500); // as good as what we have: nothing moves
  assert.equal(clock.now(), 5_060_000);
  clock.sync(Number.NaN);
  assert.equal(clock.now(), 5_060_000);
});
