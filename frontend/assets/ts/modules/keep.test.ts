import assert from "node:assert/strict";
import { test } from "node:test";
import { arrived, changed } from "./keep.ts";

test("only named fields that differ from what came are kept", () => {
  const fields = [
    { name: "title", value: "new", came: "old" },
    { name: "unit", value: "piece", came: "piece" },
    { name: "", value: "x", came: "" },
  ];

  assert.deepEqual(changed(fields), [["title", "new"]]);
});

test("a form has arrived once another page than itself or the log-in follows", () => {
  assert.equal(arrived(null, "/listings/1"), false);
  assert.equal(arrived("/listings/new/skills", "/listings/new/skills"), false);
  assert.equal(arrived("/listings/new/skills", "/login"), false);
  assert.equal(arrived("/listings/new/skills", "/listings/1"), true);
});
