/**
 * Product images of fabrics, in SVG: a background, a pattern, and the edge.
 * @module
 */

const ECRU = "#efe7d3";
const RED = "#c8102e";

interface Weave {
  ground: string;
  size: number;
  /** One repeat of the pattern. */
  repeat: string;
  turn?: number;
}

const WEAVES: Record<string, Weave> = {
  "/shop/indigo-kasuri": {
    ground: "#26337f",
    size: 48,
    repeat: [
      [20, 6, 8, 36],
      [18, 10, 12, 28],
      [6, 20, 36, 8],
      [10, 18, 28, 12],
    ]
      .map(
        ([x, y, w, d]) => `<rect x="${x}" y="${y}" width="${w}" height="${d}" fill="${ECRU}" opacity=".62"/>`,
      )
      .join("")
      .concat(`<path d="M0 0h3v3h-3zM45 45h3v3h-3z" fill="${ECRU}" opacity=".5"/>`),
  },
  "/shop/selvedge-denim": {
    ground: "#2d3a66",
    size: 6,
    repeat: `<path d="M0 6 6 0M-1 1 1-1M5 7 7 5" stroke="#8793c4" stroke-width="1.1" opacity=".75"/>`,
    turn: 12,
  },
  "/shop/ecru-hemp": {
    ground: "#e9dfc6",
    size: 10,
    repeat: `<path d="M0 2.500h5M5 7.500h5" stroke="#c9b98f" stroke-width="2"/><path d="M2.500 5v5M7.500 0v5" stroke="#d6c8a4" stroke-width="2"/>`,
  },
  "/shop/red-thread": {
    ground: "#b00d27",
    size: 7,
    repeat: `<path d="M-1 1.500 8 2.800" stroke="#e2324d" stroke-width="2.400"/><path d="M-1 5 8 6.300" stroke="#8d0a1f" stroke-width="1.200"/>`,
  },
  "/shop/sashiko-kit": {
    ground: "#1f2c6b",
    size: 56,
    repeat: `<g fill="none" stroke="${ECRU}" stroke-width="1.700" stroke-dasharray="5 3.200" stroke-linecap="round"><circle cx="0" cy="28" r="28"/><circle cx="56" cy="28" r="28"/><circle cx="28" cy="0" r="28"/><circle cx="28" cy="56" r="28"/></g>`,
  },
  "/shop/moss-twill": {
    ground: "#56732a",
    size: 24,
    repeat: `<path d="M0 24 12 12M0 16 12 4M0 8 8 0M0 32 12 20M12 12 24 24M12 4 24 16M16 0 24 8M12 20 24 32" stroke="#86a653" stroke-width="2.200" opacity=".8"/>`,
  },
};

let drawn = 0;

/** The image of a product, in the size of its container. */
export function cloth(path: string): HTMLElement {
  const { ground, size, repeat, turn = 0 } = WEAVES[path] ?? (WEAVES["/shop/indigo-kasuri"] as Weave);
  const id = `weave-${++drawn}`;
  const place = document.createElement("div");
  place.className = "cloth";
  place.innerHTML = `<svg width="100%" height="100%" aria-hidden="true"><defs><pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse" patternTransform="rotate(${turn})">${repeat}</pattern></defs><rect width="100%" height="100%" fill="${ground}"/><rect width="100%" height="100%" fill="url(#${id})"/></svg><svg class="selvedge" width="26" height="100%" aria-hidden="true"><rect width="26" height="100%" fill="${ECRU}"/><path d="M2 0v2000" stroke="#cdbf98" stroke-width="4" stroke-dasharray="1.500 2.500"/><path d="M15 -3v2000" stroke="${RED}" stroke-width="3" stroke-dasharray="9 3"/></svg>`;
  return place;
}
