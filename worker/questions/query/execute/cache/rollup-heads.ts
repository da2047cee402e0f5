/**
 * Rows of rollups, unpacked once: the questions of a page share the work, and values and counts of sealed rows, which
 * no longer change, are kept from one page to the next (a third of the time of a dashboard is reading their JSON).
 * @module
 */
import {
  type Dimension,
  decodeHead,
  decodeSets,
  type Head,
  type Packed,
  type RollupRow,
} from "../../../../pipeline/rollup";

/** A row as far as it was read. */
export interface Unpacked extends Head {
  sets: Packed["sets"];
}

/** Characters of sealed heads kept in the isolate. */
const MOST_CHARACTERS = 4_000_000;

const ofRows = new WeakMap<RollupRow, Unpacked>();
/** dimension → head → its values; a head says everything, whoever's it is. The first is the next to be forgotten. */
const sealed = new Map<Dimension, Map<string, Head>>();
let characters = 0;

/** A row's values, with those sets that were read. They must only be read. */
export function unpacked(row: RollupRow): Unpacked {
  let packed = ofRows.get(row);
  if (!packed) {
    const { dimension, body } = row;
    const [head = "", ...lines] = body.split("\n");
    const values = row.sealed ? remembered(dimension, head) : decodeHead(dimension, head);
    packed = { ...values, sets: decodeSets(dimension, lines) };
    ofRows.set(row, packed);
  }
  return packed;
}

function remembered(dimension: Dimension, head: string): Head {
  const heads = sealed.get(dimension) ?? new Map<string, Head>();
  sealed.set(dimension, heads);
  const known = heads.get(head);
  if (known) return known;
  const values = decodeHead(dimension, head);
  heads.set(head, values);
  characters += head.length;
  if (characters > MOST_CHARACTERS) forget();
  return values;
}

/** Forgets the older half of every dimension. */
function forget(): void {
  for (const heads of sealed.values()) {
    for (const head of [...heads.keys()].slice(0, Math.ceil(heads.size / 2))) {
      heads.delete(head);
      characters -= head.length;
    }
  }
}
