/**
 * Collects rows into batches whose ids are hashes of their contents.
 * @module
 */
import { BATCH_BYTES, BATCH_EVENTS, type Batch, namedBatch } from "../send.ts";
import type { ImportRow } from "./row.ts";

/** A batch with the line numbers of its events. */
export interface ImportBatch extends Batch {
  lines: number[];
}

/** Bytes reserved for the request around the events. */
const ENVELOPE_BYTES = 200;

/** Collects rows in order. The same rows make the same batches, also when rows have been appended to the file. */
export async function* batchesOf(rows: AsyncIterable<ImportRow>): AsyncIterable<ImportBatch> {
  let gathered: ImportRow[] = [];
  let bytes = ENVELOPE_BYTES;
  for await (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(row.event)) + 1;
    if (gathered.length === BATCH_EVENTS || bytes + size > BATCH_BYTES) {
      yield batchOf(gathered);
      gathered = [];
      bytes = ENVELOPE_BYTES;
    }
    gathered.push(row);
    bytes += size;
  }
  if (gathered.length) yield batchOf(gathered);
}

function batchOf(rows: ImportRow[]): ImportBatch {
  const batch = namedBatch(
    "import",
    rows.map(({ event }) => event),
  );
  return { ...batch, lines: rows.map(({ line }) => line) };
}
