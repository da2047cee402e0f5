/**
 * Rows of a table (CSV) or objects (NDJSON) as events: by the field names of the API, or by a map.
 * @module
 */
import { parse } from "csv-parse";
import { rawEventSchema } from "../../../schema/wire/event.ts";
import type { SentEvent } from "../send.ts";
import { linesOf, type OpenFile } from "./file.ts";
import { Identity } from "./identity.ts";
import type { ImportRow, Reading } from "./row.ts";

/** Names in the file. */
export interface TableOptions {
  /** Field by column: `{"Visited at": "timestamp"}`. */
  map: Readonly<Record<string, string>>;
  /** Name of events in rows without one. */
  event: string;
}

const TEXT_FIELDS = rawEventSchema
  .omit({ event: true, event_id: true, timestamp: true, properties: true })
  .keyof().options;
const CONTEXT_FIELDS = ["user_agent", "ip", "country", "region", "city"] as const;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;
/** Fewer digits than this are seconds, not milliseconds: 10^11 ms is March 1973, 10^11 s the year 5138. */
const MS_DIGITS = 12;

type Fields = Record<string, unknown>;

/** Reads CSV with a header row. */
export async function* readCsv(
  open: OpenFile,
  options: TableOptions,
  reading: Reading,
): AsyncIterable<ImportRow> {
  const parser = open.stream.pipe(
    parse({
      columns: true,
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }),
  );
  open.stream.once("error", (error) => parser.destroy(error));
  const identity = new Identity();
  for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: Fields }>) {
    reading.lines = info.lines;
    const row = rowOf(record, JSON.stringify(record), options, identity, reading);
    if (row) yield row;
  }
}

/** Reads one JSON object per line. */
export async function* readNdjson(
  open: OpenFile,
  options: TableOptions,
  reading: Reading,
): AsyncIterable<ImportRow> {
  const identity = new Identity();
  for await (const text of linesOf(open.stream)) {
    reading.lines++;
    if (text.trim() === "") continue;
    const row = rowOf(parseObject(text), text, options, identity, reading);
    if (row) yield row;
  }
}

function parseObject(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function rowOf(
  fields: Fields | null,
  text: string,
  options: TableOptions,
  identity: Identity,
  reading: Reading,
): ImportRow | null {
  const event = fields && eventOf(fields, options);
  if (!event) {
    reading.leave("malformed", text);
    return null;
  }
  return { line: reading.lines, event: { ...event, event_id: event.event_id ?? identity.of(text) } };
}

/** The event of a row; null without a valid time. Unknown fields become properties. */
export function eventOf(fields: Fields, { map, event: byDefault }: TableOptions): SentEvent | null {
  const named = Object.fromEntries(Object.entries(fields).map(([name, value]) => [map[name] ?? name, value]));
  const { event, event_id, timestamp, properties, context, ...rest } = named;
  const at = timeOf(timestamp);
  if (at === null) return null;
  const sent: SentEvent = { event: textOf(event) ?? byDefault, event_id: textOf(event_id), timestamp: at };
  for (const field of TEXT_FIELDS) sent[field] = take(rest, field);
  const where: NonNullable<SentEvent["context"]> = isObject(context) ? { ...context } : {};
  for (const field of CONTEXT_FIELDS) where[field] = take(rest, field) ?? where[field];
  sent.context = where;
  const given = typeof properties === "string" ? parseObject(properties) : properties;
  sent.properties = propertiesOf({ ...(isObject(given) ? given : {}), ...rest });
  return sent;
}

/** Epoch seconds or milliseconds, or ISO 8601; a time without a zone is UTC. */
function timeOf(value: unknown): number | null {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  if (/^\d+(\.\d+)?$/.test(text)) {
    const [whole = ""] = text.split(".");
    return Math.round(Number(text) * (whole.length < MS_DIGITS ? 1000 : 1));
  }
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    text,
  );
  if (!iso) return null;
  const ms = Date.parse(`${iso[1]}T${iso[2] ?? "00:00"}${iso[3] ?? "Z"}`);
  return Number.isNaN(ms) ? null : ms;
}

/** Removes a field and returns its text. */
function take(rest: Fields, field: string): string | undefined {
  const value = textOf(rest[field]);
  delete rest[field];
  return value;
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null || value === "" ? undefined : String(value);
}

/** Tables contain only text: numbers and booleans are converted, empty values are left out. */
function propertiesOf(fields: Fields): SentEvent["properties"] {
  const properties: Fields = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === "" || value === undefined) continue;
    properties[name] = typeof value === "string" ? scalarOf(value) : value;
  }
  return properties as SentEvent["properties"];
}

function scalarOf(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return NUMBER.test(text) && text.length < 16 ? Number(text) : text;
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
