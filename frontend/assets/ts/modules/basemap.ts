// A Leaflet map over the built-in outlines, or over the licensed tile service that the page names.
import * as L from "leaflet";
import { gcj02FromWgs84, wgs84FromGcj02, type Place } from "./datum.ts";

export type BaseMap = {
  map: L.Map;
  /** As near as there is something to see: the outlines end at cities. */
  nearest: number;
  /** WGS-84 to what the map draws, and back. */
  shown: (place: Place) => L.LatLng;
  stored: (at: L.LatLng) => Place;
};

type Outlines = GeoJSON.FeatureCollection<GeoJSON.Geometry, { name: string; at?: [number, number]; inset?: boolean }>;

const LABELS_FROM_ZOOM = 4;
const CITIES_FROM_ZOOM = 6;

export function baseMap(element: HTMLElement): BaseMap {
  const { tileUrl = "", tileDatum = "", tileAttribution = "", provinces = "", cities = "", geoNote = "" } = element.dataset;
  const shifted = tileUrl !== "" && tileDatum === "gcj02";
  const map = L.map(element, { zoomControl: false, minZoom: 3, maxZoom: 18, attributionControl: false, zoomSnap: 0.5 });
  L.control.zoom({ zoomInTitle: element.dataset["zoomIn"] ?? "+", zoomOutTitle: element.dataset["zoomOut"] ?? "-" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const attribution = L.control.attribution({ prefix: false }).addTo(map);
  map.setView([34.5, 106], 4);
  if (tileUrl) {
    L.tileLayer(tileUrl, { attribution: tileAttribution, maxZoom: 18 }).addTo(map);
  } else {
    attribution.addAttribution(geoNote);
    void outlines(map, provinces, cities);
  }
  return {
    map,
    nearest: tileUrl ? 13 : 9,
    shown: (place) => {
      const [lon, lat] = shifted ? gcj02FromWgs84(place) : place;
      return L.latLng(lat, lon);
    },
    stored: (at) => (shifted ? wgs84FromGcj02([at.lng, at.lat]) : [at.lng, at.lat]),
  };
}

async function outlines(map: L.Map, provincesUrl: string, citiesUrl: string): Promise<void> {
  const land = map.createPane("land");
  land.style.zIndex = "150";
  const provinces = await fetched(provincesUrl);
  L.geoJSON(provinces, {
    pane: "land",
    interactive: false,
    style: (feature) => ({ className: "map-land", weight: feature?.properties.inset ? 1 : 0.8 }),
  }).addTo(map);
  const labels = L.layerGroup(
    provinces.features.flatMap(({ properties: { name, at } }) =>
      at ? [L.marker([at[1], at[0]], { interactive: false, keyboard: false, icon: label(name) })] : [],
    ),
  );
  const cities = L.layerGroup();
  let asked = false;
  const adapt = async () => {
    const zoom = map.getZoom();
    toggle(map, labels, zoom >= LABELS_FROM_ZOOM && zoom < 8);
    toggle(map, cities, zoom >= CITIES_FROM_ZOOM);
    if (zoom < CITIES_FROM_ZOOM || asked) return;
    asked = true;
    const style = () => ({ className: "map-city", weight: 0.8 });
    L.geoJSON(await fetched(citiesUrl), { pane: "land", interactive: false, style }).addTo(cities);
  };
  map.on("zoomend", () => void adapt());
  await adapt();
}

async function fetched(address: string): Promise<Outlines> {
  return (await (await fetch(address)).json()) as Outlines;
}

function toggle(map: L.Map, layer: L.Layer, on: boolean): void {
  if (on) layer.addTo(map);
  else layer.remove();
}

function label(name: string): L.DivIcon {
  const element = document.createElement("span");
  element.className = "map-label";
  element.textContent = name;
  return L.divIcon({ html: element, className: "", iconSize: [0, 0] });
}
