// Shows the points (and pairs) that the page carries as JSON beside the map; the list on the page says the same without it.
import * as L from "leaflet";
import { baseMap, type BaseMap } from "./basemap.ts";
import { clusters, type Point } from "./clusters.ts";

type Line = { from: [number, number]; to: [number, number]; label?: string; kind?: string; area?: string };
type Content = { points: Point[]; lines?: Line[]; circle?: { at: [number, number]; radius_m: number } };

export function map(element: HTMLElement): void {
  const source = document.getElementById(element.dataset["source"] ?? "");
  if (!source?.textContent) return;
  const content = JSON.parse(source.textContent) as Content;
  const base = baseMap(element);
  const bounds = L.latLngBounds([]);
  for (const line of content.lines ?? []) draw(base, line, bounds);
  if (content.circle) {
    const circle = L.circle(base.shown(content.circle.at), { radius: content.circle.radius_m, className: "pair-line", weight: 1.5 });
    circle.addTo(base.map);
    bounds.extend(circle.getBounds());
  }
  for (const point of content.points) bounds.extend(base.shown(point.at));
  if (bounds.isValid()) base.map.fitBounds(bounds, { padding: [32, 32], maxZoom: base.nearest, animate: false });

  const layer = L.layerGroup().addTo(base.map);
  const redraw = () => {
    layer.clearLayers();
    for (const cluster of clusters(content.points, (at) => base.map.project(base.shown(at), base.map.getZoom()))) {
      layer.addLayer(marker(base, cluster));
    }
  };
  base.map.on("zoomend", redraw);
  redraw();
  lightUpFromList(element);
  lookAtAreas(element.dataset["source"] ?? "", base, content.lines ?? []);
}

// Nearer than the outlines have anything to show: the lines themselves are what is looked at.
const NEAREST_AREA = 11;

// Buttons with data-area show the lines of one area, "*" all of them; the first one is shown at once.
function lookAtAreas(source: string, base: BaseMap, lines: Line[]): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>(`[data-area-of="${source}"]`)];
  const look = (button: HTMLButtonElement) => {
    const area = button.dataset["area"];
    const shown = lines.filter((line) => area === "*" || line.area === area);
    const bounds = L.latLngBounds(shown.flatMap((line) => [base.shown(line.from), base.shown(line.to)]));
    if (bounds.isValid()) base.map.fitBounds(bounds, { padding: [24, 24], maxZoom: NEAREST_AREA, animate: false });
    for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
  };
  for (const button of buttons) button.addEventListener("click", () => look(button));
  if (buttons[0]) look(buttons[0]);
}

function draw(base: BaseMap, line: Line, bounds: L.LatLngBounds): void {
  const ends = [base.shown(line.from), base.shown(line.to)];
  const kind = line.kind ? ` kind-${line.kind}` : "";
  const shape = L.polyline(ends, { className: `pair-line${kind}`, weight: line.kind ? 1.5 : 2 }).addTo(base.map);
  if (line.label) shape.bindTooltip(line.label);
  // Many pairs share a place to the kilometre: the dot shows those whose line has no length.
  if (line.kind) L.circleMarker(ends[1]!, { className: `pair-end${kind}`, radius: 3.5, weight: 1 }).bindTooltip(line.label ?? "").addTo(base.map);
  ends.forEach((end) => bounds.extend(end));
}

function marker(base: BaseMap, points: Point[]): L.Marker {
  const first = points[0]!;
  const many = points.length > 1;
  const pin = document.createElement("span");
  pin.className = `pin ${many ? "many" : (first.kind ?? "")}`;
  const size = many ? 30 : 26;
  pin.style.width = pin.style.height = `${size}px`;
  pin.textContent = many ? String(points.length) : (first.mark ?? "");
  pin.dataset["codes"] = points.map((point) => point.code).join(" ");
  const icon = L.divIcon({ html: pin, className: "", iconSize: [size, size] });
  const title = many ? points.slice(0, 3).map((point) => point.title).join(" · ") : first.title;
  const result = L.marker(base.shown(first.at), { icon, title, alt: title });
  result.bindPopup(() => popup(points), { maxWidth: 280, maxHeight: 260 });
  return result;
}

function popup(points: Point[]): HTMLElement {
  const box = document.createElement("div");
  for (const point of points.slice(0, 20)) {
    const line = document.createElement("p");
    const link = document.createElement(point.href ? "a" : "strong");
    link.textContent = point.title;
    if (link instanceof HTMLAnchorElement) link.href = point.href ?? "";
    line.append(link);
    if (point.note) line.append(document.createElement("br"), point.note);
    box.append(line);
  }
  return box;
}

// Pointing at or focusing a list entry with data-code lights its pin.
function lightUpFromList(element: HTMLElement): void {
  const light = (on: boolean) => (event: Event) => {
    const code = (event.target as Element).closest?.<HTMLElement>("[data-code]")?.dataset["code"];
    if (!code) return;
    for (const pin of element.querySelectorAll<HTMLElement>(".pin")) {
      if (pin.dataset["codes"]?.split(" ").includes(code)) pin.classList.toggle("lit", on);
    }
  };
  for (const [name, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]] as const) {
    document.addEventListener(name, light(on));
  }
}
