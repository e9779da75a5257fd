// Gathers points that would overlap on the screen, so that a dense city stays readable.

export type Point = {
  code: string;
  at: [number, number];
  title: string;
  href?: string;
  note?: string;
  mark?: string;
  kind?: "need" | "offer" | "";
};

const CELL_PX = 34;

/** Group points by the screen cell they fall in; the order within and between groups is that of `points`. */
export function clusters(points: readonly Point[], project: (at: [number, number]) => { x: number; y: number }): Point[][] {
  const cells = new Map<string, Point[]>();
  for (const point of points) {
    const { x, y } = project(point.at);
    const key = `${Math.floor(x / CELL_PX)},${Math.floor(y / CELL_PX)}`;
    const cell = cells.get(key);
    if (cell) cell.push(point);
    else cells.set(key, [point]);
  }
  return [...cells.values()];
}
