/**
 * Rollup rows, decoded once. The queries of a batch share the work, and the values and counts of sealed rows are cached: a
 * third of the time of a dashboard is parsing their JSON.
 * @module
 */
import { Lru } from "../../../../lib/lru";
import {
  DIMENSION_NAMES,
  type Dimension,
  decodeHead,
  decodeSets,
  type Head,
  type Packed,
  type RollupRow,
} from "../../../../pipeline/rollup";

/** A row with the sets that were read. */
export interface DecodedRow extends Head {
  sets: Packed["sets"];
}

/** Characters of sealed heads that are cached of one dimension. */
const MAX_CHARACTERS = 500_000;

const decodedRows = new WeakMap<RollupRow, DecodedRow>();
/** Dimension → head → its values. A head has no project: equal text has equal values. */
const sealedHeads = new Lru<Dimension, Lru<string, Head>>({ maxEntries: DIMENSION_NAMES.length });

/** Returns a row's values with the sets that were read. They must not be changed. */
export function decodedRow(row: RollupRow): DecodedRow {
  let decoded = decodedRows.get(row);
  if (!decoded) {
    const { dimension, body } = row;
    const [head = "", ...lines] = body.split("\n");
    const values = row.sealed ? sealedHead(dimension, head) : decodeHead(dimension, head);
    decoded = { ...values, sets: decodeSets(dimension, lines) };
    decodedRows.set(row, decoded);
  }
  return decoded;
}

function sealedHead(dimension: Dimension, head: string): Head {
  const heads = sealedHeads.getOrCreate(dimension, newHeads);
  return heads.getOrCreate(head, () => decodeHead(dimension, head));
}

const newHeads = () => new Lru<string, Head>({ maxSize: MAX_CHARACTERS, sizeOf: (_, text) => text.length });
