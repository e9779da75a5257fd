import assert from "node:assert/strict";
import { test } from "node:test";
import { fenOf, type Numbers, ofDeal, ofLine, ofLot, ofNeed, ofOffer, ofSale } from "./recompute.ts";

const FRAME: Numbers = { scale: 150_000n, weight: 1_500n, mixed: 0n, wanted: 2n, got: 2n, own: 2_350n, lost: 0n };
// limit 90.00, fit 95 %: worth 85.50; 30 km of 150 cost 3 % of the limit: 2.70
const LINE: Numbers = {
  limit: 9_000n, fit: 9_500n, distance: 30_000n, worth: 8_550n, way: 270n, bonus: 0n, per: 1n, value: 8_280n, price: 5_930n, gain: 2_350n,
  most: -1n, units: 2n,
};
const OTHER: Numbers = { ...LINE, price: 6_000n, gain: 2_280n, units: 0n };
const DEAL: Numbers = { quantity: 2n, unit: 5_930n, setup: 0n, total: 11_860n, limit: 18_000n, round: 11_860n };

test("honest numbers hold", () => {
  assert.deepEqual(ofLine(LINE, FRAME), []);
  assert.deepEqual(ofLine(OTHER, FRAME), []);
  assert.deepEqual(ofDeal(DEAL, FRAME), []);
  assert.deepEqual([...ofNeed(FRAME, [LINE, OTHER], [DEAL])], []);
});

for (const [name, change, fault] of [
  ["worth", { worth: 8_551n }, "worth"],
  ["way", { way: 269n }, "way"],
  ["value", { value: 8_281n }, "value"],
  ["bonus", { bonus: 1n }, "value"],
  ["price", { price: 5_999n }, "gain"],
  ["gain", { gain: 2_351n }, "gain"],
] as const) {
  test(`a forged ${name} is found at its line`, () => {
    assert.ok(ofLine({ ...OTHER, ...change }, FRAME).includes(fault));
  });
}

test("an offer that would leave more than one's own deal is found", () => {
  assert.deepEqual(ofLine({ ...OTHER, price: 5_900n, gain: 2_380n }, FRAME), ["better"]);
});

test("a deal that is dearer than its price, its limit or its sum is found", () => {
  assert.deepEqual(ofDeal({ ...DEAL, total: 11_861n }, FRAME), ["total"]);
  assert.deepEqual(ofDeal({ ...DEAL, limit: 11_859n }, FRAME), ["limit"]);
  assert.deepEqual(ofDeal({ ...DEAL, round: 11_850n }, FRAME), ["rounding"]);
  assert.deepEqual(ofDeal({ ...DEAL, round: 11_859n }, FRAME), []);
});

test("sums that do not come out are found by name", () => {
  assert.deepEqual([...ofNeed({ ...FRAME, own: 2_349n }, [LINE], [DEAL]).keys()], ["own"]);
  assert.deepEqual([...ofNeed({ ...FRAME, lost: 1n }, [LINE], [DEAL]).keys()], ["lost"]);
  assert.deepEqual([...ofNeed({ ...FRAME, got: 1n, wanted: 1n }, [LINE], [DEAL]).keys()], ["got"]);
});

test("a need without a deal leaves nothing, and an offer that would leave something is its complaint", () => {
  const frame = { ...FRAME, got: 0n, own: 0n };

  assert.deepEqual([...ofNeed(frame, [{ ...OTHER, gain: -5n }], []).keys()], []);
  assert.deepEqual([...ofNeed({ ...frame, lost: 10n }, [{ ...OTHER, gain: 5n }], []).keys()], []);
});

test("a mixed need keeps what its deals are worth less what it pays, and never bears a loss", () => {
  const frame = { ...FRAME, mixed: 1n, own: 0n, kept: 4_200n, limit: 18_000n };
  const deal = { ...DEAL, setup: 500n, total: 12_360n, round: 12_360n };

  assert.deepEqual([...ofNeed(frame, [LINE], [deal])], []);
  assert.deepEqual([...ofNeed({ ...frame, kept: 4_300n }, [LINE], [deal])], [["kept", "sum"]]);
  assert.deepEqual([...ofNeed({ ...frame, limit: 12_000n }, [LINE], [deal])], [["limit", "limit"]]);
  assert.deepEqual([...ofNeed({ ...frame, kept: -40n }, [LINE], [{ ...deal, total: 16_600n }])], [["kept", "loss"]]);
});

test("a lot's unsold part at its rent is its complaint", () => {
  assert.deepEqual(ofLot({ capacity: 5n, sold: 2n, left: 3n, rent: 0n, lost: 0n }), []);
  assert.deepEqual(ofLot({ capacity: 5n, sold: 2n, left: 3n, rent: 4n, lost: 0n }), ["rent"]);
  assert.deepEqual(ofLot({ capacity: 5n, sold: 2n, left: 2n }), ["left"]);
});

test("equal terms have equal prices, and no sale is below the reserve", () => {
  const sale = { ...DEAL, reserve: 5_000n };

  assert.deepEqual(ofSale(sale, [5_930n, 5_930n]), []);
  assert.deepEqual(ofSale(sale, [5_930n, 5_931n]), ["terms"]);
  assert.deepEqual(ofSale({ ...sale, reserve: 5_931n }, []), ["reserve"]);
  assert.deepEqual([...ofOffer({ single: 0n, revenue: 11_860n }, [{ sold: 2n }], [DEAL]).keys()], []);
  assert.deepEqual([...ofOffer({ single: 1n, revenue: 11_861n }, [{ sold: 1n }], [DEAL]).keys()], ["revenue"]);
});

test("money is read as it is printed", () => {
  assert.equal(fenOf("¥1,234.50"), 123_450n);
  assert.equal(fenOf("-¥0.07"), -7n);
  assert.equal(fenOf("12 km"), null);
});
