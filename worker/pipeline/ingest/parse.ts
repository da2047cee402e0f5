/**
 * Checks one raw event against the contract, and estimates its size in a message.
 * Both depend only on the raw event, so that a request sent again is cut at the same places.
 * @module
 */
import { Buffer } from "node:buffer";
import {
  importEventSchema,
  MAX_PROPERTIES_BYTES,
  type RawEvent,
  type Rejection,
  rawEventSchema,
} from "../../../schema/wire/event";
import { MAX_EVENT_BYTES, MAX_PAGE_URL, MAX_PATH, MAX_REFERRER } from "./limits";

/** An event that satisfies the contract. */
export interface ParsedEvent {
  event: RawEvent;
  /** `properties` as JSON text, before the deny-list. */
  properties: string;
  /** Epoch ms the sender stated, null when it did not. */
  stated_at: number | null;
  /** Upper bound of its bytes in a message. */
  bytes: number;
}

/** Codes of rejections and their meaning. */
export const REJECTION_CODES = {
  required: "A required field is missing.",
  invalid_type: "A field has the wrong type.",
  empty: "A field that must not be empty is empty.",
  too_long: "A field has more characters than the contract allows.",
  invalid_format:
    "A timestamp is not ISO 8601 or epoch milliseconds, an event_id is not valid Unicode, or a country has not two letters.",
  too_large: `The properties exceed ${MAX_PROPERTIES_BYTES} bytes, or the event is too large for a message.`,
} as const;
export type RejectionCode = keyof typeof REJECTION_CODES;

/** Checks one event. `withContext` is for imports; otherwise `context` is ignored like any unknown key. */
export function parseEvent(raw: unknown, index: number, withContext: boolean): ParsedEvent | Rejection {
  const result = withContext ? importEventSchema.safeParse(raw) : rawEventSchema.safeParse(raw);
  if (!result.success) {
    const issue = result.error.issues[0];
    return issue ? rejectionOf(issue, index) : reject(index, "invalid_type", "Not an event");
  }
  const event: RawEvent = { context: undefined, ...result.data };
  const properties = JSON.stringify(event.properties ?? {});
  const size = Buffer.byteLength(properties);
  if (size > MAX_PROPERTIES_BYTES) {
    const message = `properties are ${size} bytes of JSON; the limit is ${MAX_PROPERTIES_BYTES}`;
    return reject(index, "too_large", message, "properties");
  }
  const stated = timeOf(event.timestamp);
  if (Number.isNaN(stated)) return reject(index, "invalid_format", "timestamp is not a date", "timestamp");
  const bytes = carriedBytes(event, properties);
  if (bytes > MAX_EVENT_BYTES) {
    return reject(
      index,
      "too_large",
      `the event takes up to ${bytes} bytes; the limit is ${MAX_EVENT_BYTES}`,
    );
  }
  return { event, properties, stated_at: stated, bytes };
}

/** Whether `parseEvent` refused. */
export function isRejection(result: ParsedEvent | Rejection): result is Rejection {
  return "code" in result;
}

/** Epoch ms, null when not stated, NaN when not a date. A time without offset is UTC. */
function timeOf(timestamp: string | number | undefined): number | null {
  if (timestamp === undefined) return null;
  if (typeof timestamp === "number") return timestamp;
  return Date.parse(/(z|[+-]\d{2}:?\d{2})$/i.test(timestamp) ? timestamp : `${timestamp}Z`);
}

function reject(index: number, code: RejectionCode, message: string, field?: string): Rejection {
  return { index, code, message, field };
}

interface Issue {
  code?: string;
  path: PropertyKey[];
  message: string;
  input?: unknown;
  expected?: string;
}

function rejectionOf(issue: Issue, index: number): Rejection {
  const field = issue.path.map(String).join(".");
  const code = codeOf(issue);
  return reject(index, code, field ? `${field}: ${issue.message}` : issue.message, field || undefined);
}

function codeOf(issue: Issue): RejectionCode {
  if (issue.code === "too_small") return "empty";
  if (issue.code === "too_big") return "too_long";
  // zod 4 leaves `input` out of issues; only its message distinguishes missing from mistyped.
  if (issue.code === "invalid_type") {
    return issue.message.includes("received undefined") ? "required" : "invalid_type";
  }
  const isFormat =
    issue.path[0] === "timestamp" || issue.path[0] === "event_id" || issue.code === "invalid_format";
  return isFormat ? "invalid_format" : "invalid_type";
}

/** Bytes of the keys, nulls, numbers and generated ids of an event in a message; checked by a test. */
const EVENT_ALLOWANCE = 640;
/** The same for an import event's own entry in `contexts`. */
const CONTEXT_ALLOWANCE = 640;

/** Fields that a message carries unchanged. */
const COPIED = rawEventSchema
  .omit({ properties: true, page_url: true, referrer: true, timestamp: true })
  .keyof().options;

/**
 * Upper bound of the bytes that an event takes in a message. What enrichment can add: `page_url` is percent-encoded
 * (three bytes for one) and repeated in path, hostname, source and utm_*; a referrer is encoded and repeated in source;
 * properties are JSON inside JSON, so their quotes are escaped once more.
 */
function carriedBytes(event: RawEvent, properties: string): number {
  const page = jsonBytes(event.page_url);
  const referrer = jsonBytes(event.referrer);
  return (
    EVENT_ALLOWANCE +
    COPIED.reduce((bytes, field) => bytes + jsonBytes(event[field]), 0) +
    jsonBytes(properties) +
    Math.min(3 * page, MAX_PAGE_URL) +
    Math.min(3 * page, MAX_PATH) +
    // hostname, utm_* together, and source
    Math.min(8 * page, 255) +
    2 * page +
    Math.min(3 * referrer, MAX_REFERRER) +
    Math.min(8 * referrer, 255) +
    (event.context ? CONTEXT_ALLOWANCE + jsonBytes(event.context) : 0)
  );
}

/** Text that JSON has as it is, in one byte a character. */
const PLAIN = /^[ !#-[\]-~]*$/;

function jsonBytes(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === "string" && PLAIN.test(value)) return value.length + 2;
  return Buffer.byteLength(JSON.stringify(value));
}
