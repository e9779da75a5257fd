// Checks the numbers of a participant's own deal as they stand on the page, and says line by line what holds.
import { type Fault, fenOf, type Numbers, ofDeal, ofLine, ofLot, ofNeed, ofOffer, ofSale } from "./recompute.ts";

export function ownCheck(element: HTMLElement): void {
  const rows = (kind: string) => [...element.querySelectorAll<HTMLElement>(`[data-row="${kind}"]`)];
  const frameRows = rows("frame");
  const frame = Object.assign({}, ...frameRows.map(numbersOf)) as Numbers;
  const faults = new Map<HTMLElement, Fault[]>();
  const note = (row: HTMLElement, found: Fault[]) => faults.set(row, [...(faults.get(row) ?? []), ...found]);
  const guard = (row: HTMLElement, check: () => Fault[]) => {
    try {
      note(row, check());
    } catch {
      note(row, ["text"]);
    }
  };
  for (const row of [...frameRows, ...rows("line"), ...rows("deal"), ...rows("lot"), ...rows("sale")]) note(row, misprinted(row));
  for (const row of rows("line")) guard(row, () => ofLine(numbersOf(row), frame));
  for (const row of rows("deal")) guard(row, () => ofDeal(numbersOf(row), frame));
  for (const row of rows("lot")) guard(row, () => ofLot(numbersOf(row)));
  for (const row of rows("sale")) guard(row, () => ofSale(numbersOf(row), pricesOnSameTerms(rows("sale"), row)));
  const sums = element.dataset["side"] === "need"
    ? () => ofNeed(frame, rows("line").map(numbersOf), rows("deal").map(numbersOf))
    : () => ofOffer(frame, rows("lot").map(numbersOf), rows("sale").map(numbersOf));
  let wrong = new Map<string, Fault>();
  try {
    wrong = sums();
  } catch {
    if (frameRows[0]) note(frameRows[0], ["text"]);
  }
  for (const row of frameRows) {
    const fault = wrong.get(row.dataset["sum"] ?? "");
    if (fault) note(row, [fault]);
  }
  show(element, faults);
}

/** Return the numbers that stand in a row, by name. */
function numbersOf(row: HTMLElement): Numbers {
  const found: Numbers = {};
  for (const each of row.querySelectorAll<HTMLDataElement>("data[data-n]")) found[each.dataset["n"]!] = BigInt(each.value);
  return found;
}

/** Money that reads differently from the number that is checked is a fault of its own. */
function misprinted(row: HTMLElement): Fault[] {
  const money = [...row.querySelectorAll<HTMLDataElement>("data[data-n].money")];
  return money.some((each) => fenOf(each.textContent ?? "")?.toString() !== each.value) ? ["text"] : [];
}

function pricesOnSameTerms(all: HTMLElement[], row: HTMLElement): bigint[] {
  const terms = row.dataset["terms"];
  return terms ? all.filter((each) => each.dataset["terms"] === terms).map((each) => numbersOf(each)["unit"] ?? 0n) : [];
}

function show(element: HTMLElement, faults: Map<HTMLElement, Fault[]>): void {
  const said = element.dataset;
  let checked = 0;
  let broken = 0;
  for (const [row, found] of faults) {
    const place = row.querySelector<HTMLElement>("[data-result]");
    if (!place) continue;
    checked += 1;
    if (found.length > 0) broken += 1;
    row.classList.toggle("does-not-hold", found.length > 0);
    place.replaceChildren(badge(found.length === 0 ? "good" : "bad", (found.length === 0 ? said["holds"] : said["fails"]) ?? ""));
    for (const fault of new Set(found)) {
      const line = document.createElement("span");
      line.className = "small";
      line.textContent = ` ${said[camel(fault)] ?? fault}`;
      place.append(line);
    }
  }
  for (const summary of element.querySelectorAll<HTMLElement>("[data-summary]")) {
    const text = (broken === 0 ? said["allHold"] : said["someFail"]) ?? "";
    summary.replaceChildren(badge(broken === 0 ? "good" : "bad", text.replace("{lines}", String(checked)).replace("{broken}", String(broken))));
    summary.dataset["outcome"] = broken === 0 ? "holds" : "fails";
  }
}

function camel(fault: Fault): string {
  return `fault${fault[0]!.toUpperCase()}${fault.slice(1)}`;
}

function badge(tone: string, text: string): HTMLElement {
  const found = document.createElement("span");
  found.className = `state ${tone}`;
  found.textContent = text;
  return found;
}
