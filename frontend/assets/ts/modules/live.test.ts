import assert from "node:assert/strict";
import { test } from "node:test";
import { concerns } from "./live.ts";

test("a fragment hears its topic, finer topics of it, and only its own code", () => {
  assert.equal(concerns({ topic: "order.agreed", order: "a" }, "order", ""), true);
  assert.equal(concerns({ topic: "order.agreed", order: "a" }, "order.agreed", "a"), true);
  assert.equal(concerns({ topic: "order.agreed", order: "a" }, "order", "b"), false);
  assert.equal(concerns({ topic: "orders.agreed", order: "a" }, "order", ""), false);
  assert.equal(concerns({ topic: "quote.sent", quote: "q" }, "order quote", ""), true);
});
