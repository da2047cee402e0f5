/**
 * Pushed records: uploaded files and webhook deliveries. They are committed like reads, in one transaction with the stream's
 * state.
 * @module
 */

import { z } from "zod";
import type { MapProblem, Mapping, PushAnswer } from "../../../schema/wire/mapping";
import { type Refusal, refuse } from "../../lib/refusal";
import { retryWhileNull } from "../../lib/retry";
import type { Stores } from "../../lib/stores";
import { parseCsv } from "../drivers/csv/parse";
import { isFields, mapRecord, valueAt } from "../drivers/generic/map-record";
import { PUSHED_ACCOUNT, pushedSettings } from "../drivers/generic/pushed";
import { validateRecord } from "../engine/keyed";
import { type IncrementalState, incrementalStateSchema } from "../engine/units";
import { writeVersions } from "../engine/versions";
import {
  changedRecords,
  commitRead,
  existingKeys,
  readCursors,
  type StreamCursor,
  writtenGeneration,
} from "../records";
import { isSigned, type Signed, signingKey } from "../vendor/signature";
import { driverOf, ringOf, type SourceBindings } from "./bindings";
import type { StoredSource } from "./store";

/** Rows of one upload or delivery: the most that one transaction can write. */
const MAX_ROWS = 20_000;
/** Number of stored delivery ids; senders retry within days. */
const MAX_DELIVERY_IDS = 500;
/** Attempts when another writer commits first. */
const ATTEMPTS = 5;
/** Problems reported per request. */
const MAX_PROBLEMS = 20;

/** Stores the rows of an uploaded file. With `replaces`, rows that are not in the file are removed. */
export async function uploadCsv(
  stores: Stores,
  source: StoredSource,
  { text, replaces }: { text: string; replaces: boolean },
  now: number,
): Promise<PushAnswer | Refusal> {
  if (source.driver !== "csv")
    return refuse("source_kind_mismatch", "Files can only be uploaded to a CSV source");
  const rows = parseCsv(text);
  if (!Array.isArray(rows)) return refuse("csv_invalid", `Line ${rows.line}: ${rows.message}`);
  return push(stores, source, { rows, replaces }, now);
}

/** Stores the records of a webhook delivery. The signature is checked first, so that the answer reveals nothing without it. */
export async function acceptDelivery(
  bindings: SourceBindings,
  stores: Stores,
  source: StoredSource | null,
  { signed, body }: { signed: Signed; body: string },
  now: number,
): Promise<PushAnswer | Refusal> {
  if (source?.driver !== "webhook" || !source.sealed)
    return refuse("delivery_signature_invalid", SIGNATURE_MESSAGE);
  const { secret }: { secret?: string } = JSON.parse(await ringOf(bindings).open(source.sealed, source.id));
  const key = signingKey(secret ?? "");
  if (!key || !(await isSigned(key, signed, body, now)))
    return refuse("delivery_signature_invalid", SIGNATURE_MESSAGE);
  if (source.status === "paused")
    return refuse("source_paused", "The source is paused: resume it, then send again");
  const rows = deliveredRows(body, pushedSettings(source.settings).records_path);
  if (!rows)
    return refuse(
      "delivery_invalid",
      "The delivery must be JSON with records at the path of the source's settings",
    );
  return push(stores, source, { rows, delivery: signed.id }, now);
}

const SIGNATURE_MESSAGE = "The signature is missing, wrong or more than five minutes old";

/** Returns the records of a delivery (a list, or one record); null when it contains none. */
export function deliveredRows(body: string, path: string): Record<string, unknown>[] | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  const found = valueAt(json, path);
  const rows = Array.isArray(found) ? found : [found];
  return rows.every(isFields) ? rows : null;
}

interface PushedRows {
  rows: Record<string, unknown>[];
  replaces?: boolean;
  /** Id of the delivery. */
  delivery?: string;
}

async function push(
  stores: Stores,
  source: StoredSource,
  pushed: PushedRows,
  now: number,
): Promise<PushAnswer | Refusal> {
  const { mapping } = pushedSettings(source.settings);
  if (!mapping) return refuse("mapping_missing", "The source needs a mapping before it can store records");
  if (pushed.rows.length > MAX_ROWS)
    return refuse("too_many_rows", `A request can have at most ${MAX_ROWS} rows`);
  const found = recordsByKey(source, mapping, pushed.rows);
  if (!(found instanceof Map)) return mappingRefusal(found);
  const [stream] = driverOf(source).streams;
  const key = {
    project: source.project_id,
    source: source.id,
    stream: stream?.name ?? "",
    account: PUSHED_ACCOUNT,
  };
  const answer = await retryWhileNull(ATTEMPTS, async (): Promise<PushAnswer | null> => {
    const known = await readCursors(stores.db, key.project, key.source);
    const from = known.find((own) => own.stream === key.stream && own.account === key.account) ?? null;
    const state = stateOf(from);
    if (pushed.delivery !== undefined && state.seen.includes(pushed.delivery))
      return { rows: pushed.rows.length, changed: 0, duplicate: true };
    const target = { ...key, generation: writtenGeneration(from) };
    const records = await changedRecords(
      stores.db,
      target,
      [...found].map(([own, body]) => ({ key: own, body })),
    );
    const existing = pushed.replaces ? await existingKeys(stores.db, target) : [];
    const removed = existing.filter((own) => !found.has(own));
    const read = { records, removed, state: withDelivery(state, pushed.delivery), completeUntil: now };
    const alongside = await writeVersions(stores, key, read, now);
    const isCommitted = await commitRead(stores.db, { ...read, key, from, alongside, now });
    if (!isCommitted) return null;
    return { rows: pushed.rows.length, changed: records.length + removed.length, duplicate: false };
  });
  return answer ?? refuse("source_busy", "Another writer is using the source: send again");
}

/** Returns record bodies by key, the last one where a key repeats; or the problems of the rows. */
function recordsByKey(
  source: StoredSource,
  mapping: Mapping,
  rows: readonly Record<string, unknown>[],
): Map<string, string> | MapProblem[] {
  const [stream] = driverOf(source).streams;
  const found = new Map<string, string>();
  const problems: MapProblem[] = [];
  for (const [i, row] of rows.entries()) {
    const record = mapRecord(row, mapping, i + 1);
    if (Array.isArray(record)) problems.push(...record);
    else if (stream) {
      const { key, body } = validateRecord(stream, record);
      found.set(key, body);
    }
    if (problems.length >= MAX_PROBLEMS) break;
  }
  return problems.length > 0 ? problems : found;
}

function mappingRefusal(problems: MapProblem[]): Refusal {
  const errors = problems.map(({ row, field, message }) => ({
    path: `rows.${row}.${field}`,
    code: "row_invalid" as const,
    message: `Row ${row}: ${field} ${message}`,
  }));
  return { code: "row_invalid", detail: errors[0]?.message ?? "", errors };
}

const seenSchema = z.object({ seen: z.array(z.string()) });

/** Returns the stream's state; its cursor is the list of recent delivery ids. */
function stateOf(streamCursor: StreamCursor | null): IncrementalState & { seen: string[] } {
  const known = incrementalStateSchema.safeParse(streamCursor?.state).data;
  const state = known ?? { cursor: null, began_at: null, read_at: null };
  return { ...state, seen: seenSchema.safeParse(state.cursor).data?.seen ?? [] };
}

function withDelivery({ seen, ...state }: ReturnType<typeof stateOf>, delivery: string | undefined) {
  if (delivery === undefined) return state;
  return { ...state, cursor: { seen: [...seen, delivery].slice(-MAX_DELIVERY_IDS) } };
}
