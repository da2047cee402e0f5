/**
 * One accepted event as processed and stored. The same names in the queue, Parquet and the API.
 * @module
 */
import { z } from "zod";
import { CONTEXT_COLUMNS, type ColumnName, EVENT_COLUMNS, type EventColumn, STEP_COLUMNS } from "./columns";

/**
 * Why an event is dropped, that is, excluded from the statistics. Closed list: names are stored, counted and shown.
 * `invalid`, `origin`, `opt_out` and `rate` are refused by ingest and only counted; the others are stored
 * 30 days in the `dropped` dataset and can be restored.
 */
export const DROP_REASONS = {
  bot: "The user agent names a crawler, a monitor or a library.",
  webdriver: "The browser reports that it is automated.",
  data_center: "The request came from a data-center network.",
  spam_referrer: "The referrer is a known source of fake visits.",
  local: "The page is on localhost or a private address while the project has a domain.",
  opt_out: "Global Privacy Control or Do Not Track is set.",
  origin: "The page's origin is not on the project's list.",
  invalid: "The event violates the contract; the response lists it.",
  rate: "The key exceeded its rate limit; the response is 429.",
} as const;
export const dropReasonSchema = z.enum(Object.keys(DROP_REASONS) as [DropReason, ...DropReason[]]);
export type DropReason = keyof typeof DROP_REASONS;

type TypeOf<C extends ColumnName> = (typeof EVENT_COLUMNS)[C]["encoding"] extends "timestamp"
  ? z.ZodNumber
  : (typeof EVENT_COLUMNS)[C]["encoding"] extends "boolean"
    ? z.ZodBoolean
    : z.ZodString;
type SchemaOf<C extends ColumnName> = (typeof EVENT_COLUMNS)[C]["nullable"] extends true
  ? z.ZodNullable<TypeOf<C>>
  : TypeOf<C>;

function typeOf({ encoding }: EventColumn): z.ZodType {
  if (encoding === "timestamp") return z.number().int();
  return encoding === "boolean" ? z.boolean() : z.string();
}

/** Columns that were added later are null where they are missing: in messages of earlier versions. */
function schemaOf(spec: EventColumn): z.ZodType {
  const type = typeOf(spec);
  if (!spec.nullable) return type;
  return spec.since === undefined ? type.nullable() : type.nullable().default(null);
}

/** The zod shape of columns of the list. */
function shapeOf<C extends ColumnName>(columns: readonly C[]): { [K in C]: SchemaOf<K> } {
  const entries = columns.map((column) => [column, schemaOf(EVENT_COLUMNS[column])]);
  return Object.fromEntries(entries);
}

/** The sender's part of a row, from the request (or an import's `context`), computed once per message. */
export const contextSchema = z.object({
  ...shapeOf(CONTEXT_COLUMNS),
  /** The day's anonymous visitor id (salted hash of address, user agent, project), 128 bits as base64url. */
  anonymous_id: z.string(),
});
export type Context = z.infer<typeof contextSchema>;

/** The part of a row that the steps of the pipeline fill in. Times are epoch ms UTC. */
export const eventBodySchema = z.object(shapeOf(STEP_COLUMNS));

/** One row of the lake: `events`, or `dropped` when `drop_reason` is set. */
export const eventRowSchema = eventBodySchema
  .extend(contextSchema.omit({ anonymous_id: true }).shape)
  .extend(shapeOf(["project_id", "received_at", "visitor_id", "sender"]))
  .extend({ drop_reason: dropReasonSchema.nullable() });
export type EventRow = z.infer<typeof eventRowSchema>;

export const CHANNELS = [
  "Direct",
  "Organic search",
  "Paid search",
  "Organic social",
  "Paid social",
  "AI assistant",
  "Email",
  "Referral",
  "Affiliate",
  "Display",
  "Video",
  "Organic shopping",
  "Paid shopping",
  "SMS",
  "Push",
  "Audio",
  "Paid other",
] as const;
export type Channel = (typeof CHANNELS)[number];
