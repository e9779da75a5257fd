// WGS-84, GCJ-02 and BD-09: places are stored in WGS-84 and shifted only here, for a tile service that asks for it.
// The GCJ-02 polynomial is the widely published one; it holds to about a metre inside China and is the identity outside.

export type Place = readonly [lon: number, lat: number];

const AXIS_M = 6378245;
const ECCENTRICITY2 = 0.00669342162296594323;

function outsideChina([lon, lat]: Place): boolean {
  return lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271;
}

function waves(x: number): number {
  return ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3;
}

function shift([lon, lat]: Place): Place {
  const x = lon - 105;
  const y = lat - 35;
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + waves(x);
  north += ((20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) * 2) / 3;
  north += ((160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * 2) / 3;
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + waves(x);
  east += ((20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) * 2) / 3;
  east += ((150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * 2) / 3;
  const phi = (lat / 180) * Math.PI;
  const magic = 1 - ECCENTRICITY2 * Math.sin(phi) ** 2;
  return [
    (east * 180) / ((AXIS_M / Math.sqrt(magic)) * Math.cos(phi) * Math.PI),
    (north * 180) / (((AXIS_M * (1 - ECCENTRICITY2)) / (magic * Math.sqrt(magic))) * Math.PI),
  ];
}

export function gcj02FromWgs84(place: Place): Place {
  if (outsideChina(place)) return place;
  const [east, north] = shift(place);
  return [place[0] + east, place[1] + north];
}

/** The inverse, by fixed-point iteration; exact to well under a millimetre. */
export function wgs84FromGcj02(place: Place): Place {
  if (outsideChina(place)) return place;
  let guess = place;
  for (let round = 0; round < 8; round += 1) {
    const [lon, lat] = gcj02FromWgs84(guess);
    guess = [guess[0] + place[0] - lon, guess[1] + place[1] - lat];
  }
  return guess;
}
