import assert from "node:assert/strict";
import { test } from "node:test";
import { clusters, type Point } from "./clusters.ts";

const point = (code: string, x: number, y: number): Point => ({ code, at: [x, y], title: code });

test("near points share a cell, far ones do not, none is lost", () => {
  const groups = clusters([point("a", 1, 1), point("b", 300, 300), point("c", 5, 5)], ([x, y]) => ({ x, y }));
  assert.deepEqual(groups.map((group) => group.map((p) => p.code)), [["a", "c"], ["b"]]);
});
