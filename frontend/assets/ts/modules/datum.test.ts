import assert from "node:assert/strict";
import { test } from "node:test";
import { gcj02FromWgs84, wgs84FromGcj02 } from "./datum.ts";

const near = (a: readonly number[], b: readonly number[], within: number) =>
  a.forEach((value, i) => assert.ok(Math.abs(value - b[i]!) < within, `${a} is not near ${b}`));

test("the shift moves Tiananmen by the known few hundred metres", () => {
  near(gcj02FromWgs84([116.3912757, 39.906217]), [116.397516, 39.907620], 1e-4);
});

test("there and back is the same place", () => {
  for (const place of [[118.0894, 24.4798], [106.5516, 29.563], [87.6, 43.8]] as const) {
    near(wgs84FromGcj02(gcj02FromWgs84(place)), place, 1e-9);
  }
});

test("outside China nothing moves", () => {
  assert.deepEqual(gcj02FromWgs84([2.35, 48.85]), [2.35, 48.85]);
});
