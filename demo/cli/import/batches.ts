/**
 * Rows gathered into batches that are named by what is in them.
 * @module
 */
import { BATCH_BYTES, BATCH_EVENTS, type Batch } from "../send.ts";
import { digest } from "./identity.ts";
import type { Row } from "./row.ts";

/** A batch that remembers the lines its events stood on. */
export interface ImportBatch extends Batch {
  lines: number[];
}

/** Room for the envelope around the events. */
const ENVELOPE_BYTES = 200;

/** Gathers rows in order. The same rows make the same batches, also when more have been added at the file's end. */
export async function* batchesOf(rows: AsyncIterable<Row>): AsyncIterable<ImportBatch> {
  let gathered: Row[] = [];
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

function batchOf(rows: Row[]): ImportBatch {
  const events = rows.map(({ event }) => event);
  const batch_id = `import-${digest(events.map(({ event_id }) => event_id).join("\n"))}`;
  return { batch_id, events, lines: rows.map(({ line }) => line) };
}
