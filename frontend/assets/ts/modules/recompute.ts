// What a participant's browser recomputes of its own deal, in whole fen and without anything but the numbers on the page.

/** The numbers of one row by name. */
export type Numbers = Record<string, bigint>;
/** Which relation does not hold. */
export type Fault =
  | "worth" | "way" | "value" | "gain" | "better" | "total" | "limit" | "rounding" | "loss" | "sum" | "left" | "rent" | "reserve" | "terms"
  | "text";

const WHOLE = 10_000n; // basis points

function get(numbers: Numbers, name: string): bigint {
  const found = numbers[name];
  if (found === undefined) throw new Error(`The page lacks ${name}.`);
  return found;
}

const least = (a: bigint, b: bigint) => (a < b ? a : b);
const most = (a: bigint, b: bigint) => (a > b ? a : b);
const sum = (all: bigint[]) => all.reduce((a, b) => a + b, 0n);

/** Return what is wrong with one compared offer; `frame` holds what applies to the whole page. */
export function ofLine(line: Numbers, frame: Numbers): Fault[] {
  const n = (name: string) => get(line, name);
  const f = (name: string) => get(frame, name);
  const share = (least(n("distance"), f("scale")) * f("weight")) / f("scale");
  const faults: Fault[] = [];
  if (n("worth") !== (n("limit") * n("fit")) / WHOLE) faults.push("worth");
  if (n("way") !== (n("limit") * share) / WHOLE) faults.push("way");
  if (n("value") !== (n("worth") - n("way") + n("bonus")) * n("per")) faults.push("value");
  if (n("gain") !== n("value") - n("price")) faults.push("gain");
  const isFull = n("most") >= 0n && n("units") >= n("most");
  if (f("mixed") === 0n && !isFull && n("gain") > f("own") && n("units") === 0n) faults.push("better");
  return faults;
}

/** Return what is wrong with one deal of a need. */
export function ofDeal(deal: Numbers, frame: Numbers): Fault[] {
  const n = (name: string) => get(deal, name);
  const faults: Fault[] = [];
  if (n("total") !== n("unit") * n("quantity") + n("setup")) faults.push("total");
  if (get(frame, "mixed") === 0n && n("total") > n("limit")) faults.push("limit");
  // rounding up to whole fen costs less than a fen a unit
  if (n("total") > n("round") + most(n("quantity") - 1n, 0n)) faults.push("rounding");
  return faults;
}

/** Return the sums of a need that do not come out, by name of the line that says them. */
export function ofNeed(frame: Numbers, lines: Numbers[], deals: Numbers[]): Map<string, Fault> {
  const f = (name: string) => get(frame, name);
  const faults = new Map<string, Fault>();
  const used = lines.filter((line) => get(line, "units") > 0n);
  const got = sum(used.map((line) => get(line, "units")));
  const quantity = sum(used.map((line) => get(line, "units") * get(line, "per")));
  if (got !== f("got") || quantity !== sum(deals.map((deal) => get(deal, "quantity")))) faults.set("got", "sum");
  if (f("mixed") === 0n) {
    const own = got < f("wanted") || used.length === 0 ? 0n : used.map((line) => get(line, "gain")).reduce(least);
    if (own !== f("own")) faults.set("own", "sum");
    if (f("lost") !== sum(lines.map((line) => complaint(line, f("own"), f("wanted"))))) faults.set("lost", "sum");
    return faults;
  }
  const paid = sum(deals.map((deal) => get(deal, "total")));
  const kept = sum(used.map((line) => get(line, "value") * get(line, "units"))) - paid;
  if (kept !== f("kept")) faults.set("kept", "sum");
  else if (kept < 0n) faults.set("kept", "loss");
  // who gets part of what is wanted pays at most that part of the limit
  if (paid * f("wanted") > f("limit") * got) faults.set("limit", "limit");
  return faults;
}

/** Return what a need could justly complain about at one offer: what it leaves more than its own deals do. */
function complaint(line: Numbers, own: bigint, wanted: bigint): bigint {
  const bound = get(line, "most");
  const room = bound < 0n ? wanted : least(bound, wanted) - get(line, "units");
  return get(line, "units") > 0n && bound < 0n ? 0n : most(get(line, "gain") - own, 0n) * most(room, 0n);
}

/** Return what is wrong with one lot of an offer. */
export function ofLot(lot: Numbers): Fault[] {
  const n = (name: string) => get(lot, name);
  const faults: Fault[] = [];
  if (n("left") !== n("capacity") - n("sold") || n("left") < 0n) faults.push("left");
  // a rent that would tell somebody's limit is not on the page
  if ("rent" in lot && "lost" in lot && n("lost") !== n("rent") * n("left")) faults.push("rent");
  return faults;
}

/** Return what is wrong with one deal of an offer; `same` are the prices of deals on the same terms. */
export function ofSale(deal: Numbers, same: bigint[]): Fault[] {
  const n = (name: string) => get(deal, name);
  const faults: Fault[] = [];
  if (n("total") !== n("unit") * n("quantity") + n("setup")) faults.push("total");
  if ("reserve" in deal && n("unit") < n("reserve")) faults.push("reserve");
  if (same.some((price) => price !== n("unit"))) faults.push("terms");
  return faults;
}

/** Return the sums of an offer that do not come out, by name of the line that says them. */
export function ofOffer(frame: Numbers, lots: Numbers[], deals: Numbers[]): Map<string, Fault> {
  const faults = new Map<string, Fault>();
  const sold = sum(lots.map((lot) => get(lot, "sold")));
  const made = get(frame, "single") > 0n ? BigInt(deals.length) : sum(deals.map((deal) => get(deal, "quantity")));
  if (sold !== made) faults.set("sold", "sum");
  if (get(frame, "revenue") !== sum(deals.map((deal) => get(deal, "total")))) faults.set("revenue", "sum");
  return faults;
}

/** Return the fen that a text such as "¥1,234.50" says, null where it says no money. */
export function fenOf(text: string): bigint | null {
  const found = /^(-?)¥([\d,]+)(?:\.(\d{2}))?$/.exec(text.trim());
  if (!found) return null;
  const fen = BigInt(found[2]!.replaceAll(",", "")) * 100n + BigInt(found[3] ?? "0");
  return found[1] === "-" ? -fen : fen;
}
