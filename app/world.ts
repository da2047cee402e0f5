/**
 * Makes `src/charts/world.json`: the outlines of countries, projected and thinned to what a widget shows. Run by hand, when
 * the shapes change: `node app/world.ts`. Shapes: Natural Earth (public domain) as world-atlas packs them, 1 : 110 m.
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const WIDTH = 1000;
/** Triangles smaller than this (square units of the drawing) are not worth a point; islands smaller than `LEAST` are left out. */
const FLAT = 2.2;
const LEAST = 5;

type Point = [x: number, y: number];
/** As much of TopoJSON as the file uses: rings are lists of arcs, `~n` is arc `n` backwards. */
interface Topology {
  transform: { scale: Point; translate: Point };
  arcs: Point[][];
  objects: { countries: { geometries: Geometry[] } };
}
type Geometry = { properties: { name: string } } & (
  | { type: "Polygon"; arcs: number[][] }
  | { type: "MultiPolygon"; arcs: number[][][] }
);

/** Natural Earth shortens names and keeps no two-letter codes in this package. */
const SHORTENED: Record<string, string> = {
  "Bosnia and Herz.": "BA",
  "Central African Rep.": "CF",
  Congo: "CG",
  "Côte d'Ivoire": "CI",
  Czechia: "CZ",
  "Dem. Rep. Congo": "CD",
  "Dominican Rep.": "DO",
  "Eq. Guinea": "GQ",
  eSwatini: "SZ",
  "Falkland Is.": "FK",
  "Fr. S. Antarctic Lands": "TF",
  Macedonia: "MK",
  Myanmar: "MM",
  Palestine: "PS",
  "S. Sudan": "SS",
  "Solomon Is.": "SB",
  Turkey: "TR",
  "United States of America": "US",
  "W. Sahara": "EH",
  "Trinidad and Tobago": "TT",
  Kosovo: "XK",
};
/** No country of its own in ISO 3166: drawn with the one that the code for its addresses belongs to. */
const PART_OF: Record<string, string> = { Somaliland: "SO", "N. Cyprus": "CY" };
/** Nobody browses from there, and it is a quarter of the height. */
const LEFT_OUT = new Set(["Antarctica", "Fr. S. Antarctic Lands"]);

const english = new Intl.DisplayNames("en", { type: "region" });
const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const codes = new Map(
  letters.flatMap((a) => letters.map((b): [string, string] => [english.of(a + b) ?? "", a + b])),
);

function codeOf(name: string): string {
  const code = SHORTENED[name] ?? PART_OF[name] ?? codes.get(name);
  if (!code) throw new Error(`No code is known for ${name}: add it to SHORTENED`);
  return code;
}

/** Equal Earth (Šavrič, Patterson, Jenny 2018): countries keep their areas beside each other. */
function project([longitude, latitude]: Point): Point {
  const [a1, a2, a3, a4] = [1.340264, -0.081106, 0.000893, 0.003796];
  const t = Math.asin((Math.sqrt(3) / 2) * Math.sin((latitude * Math.PI) / 180));
  const t2 = t * t;
  const t6 = t2 * t2 * t2;
  const x =
    ((longitude * Math.PI) / 180) *
    (Math.cos(t) / ((Math.sqrt(3) / 2) * (a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2))));
  return [x, -t * (a1 + a2 * t2 + t6 * (a3 + a4 * t2))];
}
const [RIGHT] = project([180, 0]);
const [, TOP] = project([0, 84]);
const SCALE = WIDTH / (2 * RIGHT);

const place = (point: Point): Point => {
  const [x, y] = project(point);
  return [(x + RIGHT) * SCALE, (y - TOP) * SCALE];
};

const areaOf = (a: Point, b: Point, c: Point) =>
  Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2;
function ringArea(ring: Point[]): number {
  const sum = ring.reduce((all, [x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length]!;
    return all + x * nextY - nextX * y;
  }, 0);
  return Math.abs(sum) / 2;
}

/** Takes the flattest corner away again and again (Visvalingam and Whyatt 1993). Borders of two are thinned alike: same points, same rule. */
function thinned(ring: Point[]): Point[] {
  const points = [...ring];
  while (points.length > 4) {
    let flattest = -1;
    let least = FLAT;
    for (let index = 0; index < points.length; index++) {
      const before = points.at(index - 1)!;
      const area = areaOf(before, points[index]!, points[(index + 1) % points.length]!);
      if (area < least) [least, flattest] = [area, index];
    }
    if (flattest < 0) break;
    points.splice(flattest, 1);
  }
  return points;
}

/** Whole numbers, each point from the one before. */
function pathOf(ring: Point[]): string {
  let [lastX, lastY] = [0, 0];
  const steps: string[] = [];
  for (const [index, point] of ring.entries()) {
    const [x, y] = [Math.round(point[0]), Math.round(point[1])];
    if (index && x === lastX && y === lastY) continue;
    steps.push(`${index ? "l" : "M"}${x - (index ? lastX : 0)} ${y - (index ? lastY : 0)}`);
    [lastX, lastY] = [x, y];
  }
  return `${steps.join("").replaceAll(" -", "-")}z`;
}

const source = createRequire(import.meta.url).resolve("world-atlas/countries-110m.json");
const world: Topology = JSON.parse(readFileSync(source, "utf8"));
const { scale, translate } = world.transform;
/** Arcs are steps of whole numbers from the point before. */
const arcs = world.arcs.map((arc) => {
  let [x, y] = [0, 0];
  return arc.map(([dx, dy]): Point => {
    x += dx;
    y += dy;
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
  });
});
/** The points of a ring; each arc begins where the one before ended. What crosses the date line goes on east of it. */
function ringOf(indexes: number[]): Point[] {
  const ring = indexes.flatMap((index) => (index < 0 ? arcs[~index]!.toReversed() : arcs[index]!).slice(1));
  const crosses = ring.some(([x], index) => Math.abs(x - ring.at(index - 1)![0]) > 180);
  return ring.map(([x, y]) => place([crosses && x < 0 ? x + 360 : x, y]));
}

const paths: Record<string, string> = {};
for (const geometry of world.objects.countries.geometries) {
  const { name } = geometry.properties;
  if (LEFT_OUT.has(name)) continue;
  const polygons = geometry.type === "Polygon" ? [geometry.arcs] : geometry.arcs;
  const rings = polygons
    .flat()
    .map(ringOf)
    .sort((a, b) => ringArea(b) - ringArea(a));
  const kept = rings.filter((ring, index) => index === 0 || ringArea(ring) >= LEAST);
  const code = codeOf(name);
  paths[code] = (paths[code] ?? "") + kept.map((ring) => pathOf(thinned(ring))).join("");
}
const file = path.join(import.meta.dirname, "src/charts/world.json");
const [, bottom] = place([0, -56]);
writeFileSync(file, `${JSON.stringify({ width: WIDTH, height: Math.ceil(bottom), paths })}\n`);
console.log(`${Object.keys(paths).length} countries in ${file}`);
