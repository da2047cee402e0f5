/**
 * Rows of rollups, unpacked once: the questions of a page share the work, and sealed rows, which no longer change, are
 * kept from one page to the next (a third of the time of a dashboard is reading their JSON).
 * @module
 */
import { type Dimension, decodePacked, type Packed, type RollupRow } from "../../rollup";

/** Characters of sealed rows kept in the isolate. */
const MOST_CHARACTERS = 4_000_000;

const ofRows = new WeakMap<RollupRow, Packed>();
/** dimension → body → its values; a body says everything, whoever's it is. The first is the next to be forgotten. */
const sealed = new Map<Dimension, Map<string, Packed>>();
let characters = 0;

/** A row's values. They must only be read. */
export function unpacked(row: RollupRow): Packed {
  let packed = ofRows.get(row);
  if (!packed) {
    packed = row.sealed ? remembered(row) : decodePacked(row.dimension, row.body);
    ofRows.set(row, packed);
  }
  return packed;
}

function remembered({ dimension, body }: RollupRow): Packed {
  const bodies = sealed.get(dimension) ?? new Map<string, Packed>();
  sealed.set(dimension, bodies);
  const known = bodies.get(body);
  if (known) return known;
  const packed = decodePacked(dimension, body);
  bodies.set(body, packed);
  characters += body.length;
  if (characters > MOST_CHARACTERS) forget();
  return packed;
}

/** Forgets the older half of every dimension. */
function forget(): void {
  for (const bodies of sealed.values()) {
    for (const body of [...bodies.keys()].slice(0, Math.ceil(bodies.size / 2))) {
      bodies.delete(body);
      characters -= body.length;
    }
  }
}
