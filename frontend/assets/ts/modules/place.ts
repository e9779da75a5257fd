// Picks a place on the map and writes it to the longitude and latitude fields, as WGS-84.
import * as L from "leaflet";
import { baseMap } from "./basemap.ts";

export function place(element: HTMLElement): void {
  const canvas = element.querySelector<HTMLElement>("[data-canvas]");
  const lon = element.querySelector<HTMLInputElement>("[data-lon]");
  const lat = element.querySelector<HTMLInputElement>("[data-lat]");
  const datum = element.querySelector<HTMLSelectElement>("[data-datum]");
  if (!canvas || !lon || !lat) return;
  canvas.hidden = false;
  const base = baseMap(canvas);
  const pin = document.createElement("span");
  pin.className = "pin lit";
  pin.style.width = pin.style.height = "22px";
  const marker = L.marker([0, 0], { icon: L.divIcon({ html: pin, className: "", iconSize: [22, 22] }), keyboard: false });

  const typed = () => {
    const at = [Number(lon.value), Number(lat.value)] as const;
    if (lon.value === "" || lat.value === "" || at.some(Number.isNaN)) return marker.remove();
    return marker.setLatLng(base.shown(at)).addTo(base.map);
  };
  base.map.on("click", (event: L.LeafletMouseEvent) => {
    const at = base.stored(event.latlng);
    lon.value = at[0].toFixed(6);
    lat.value = at[1].toFixed(6);
    if (datum) datum.value = "wgs84";
    typed();
    lon.dispatchEvent(new Event("change", { bubbles: true }));
  });
  for (const field of [lon, lat]) field.addEventListener("input", typed);
  typed();
  if (lon.value && lat.value) base.map.setView(marker.getLatLng(), base.nearest);
}
