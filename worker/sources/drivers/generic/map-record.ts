/**
 * Maps records of generic sources to typed rows. Pure.
 * @module
 */
import { z } from "zod";
import type { FieldType, MapProblem, Mapping } from "../../../../schema/wire/mapping";
import type { SourceRecord, StreamSpec } from "../../vendor/driver";

/** A typed value: text, number (times in epoch ms) or boolean. */
export type Value = string | number | boolean | null;

/**
 * Returns the value at a path such as `customer.items[0].sku`; a field with the whole path as its name has precedence.
 * Undefined when there is none.
 */
export function valueAt(record: unknown, path: string): unknown {
  if (path === "") return record;
  if (isFields(record) && Object.hasOwn(record, path)) return record[path];
  const steps = path.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
  return steps.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return at[Number(step)];
    return isFields(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }, record);
}

/** Whether it is a JSON object. */
export function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const NUMBER = /^[+-]?(\d+(\.\d+)?|\.\d+)(e[+-]?\d+)?$/i;
const GROUPED = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})?$/;
/** Smaller numbers are epoch seconds: as milliseconds they would be before March 1973. */
const SECONDS_BELOW = 100_000_000_000;

/** Converts the value to a type; null for an empty value, undefined when it does not fit. Times without a zone are UTC. */
export function typed(value: unknown, type: FieldType): Value | undefined {
  if (value === null || value === undefined || value === "") return null;
  if (type === "text") {
    if (typeof value === "string") return value;
    return typeof value === "number" || typeof value === "boolean" ? String(value) : JSON.stringify(value);
  }
  if (type === "boolean") return booleanOf(value);
  if (type === "time") return timeOf(value);
  return numberOf(value);
}

function booleanOf(value: unknown): boolean | undefined {
  const text = String(value).toLowerCase().trim();
  if (["true", "yes", "1"].includes(text)) return true;
  return ["false", "no", "0"].includes(text) ? false : undefined;
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (GROUPED.test(text)) return Number(text.replaceAll(",", ""));
  return NUMBER.test(text) ? Number(text) : undefined;
}

function timeOf(value: unknown): number | undefined {
  const number = numberOf(value);
  if (number !== undefined && number > 0) return Math.round(number < SECONDS_BELOW ? number * 1000 : number);
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (!DAY.test(text) && !TIME.test(text)) return undefined;
  const iso = text.replace(/\s(?=[Z+-])/, "").replace(" ", "T");
  const time = Date.parse(DAY.test(text) || /(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? iso : `${iso}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** Maps a record, or returns the errors of its fields. */
export function mapRecord(
  record: unknown,
  { fields, primary_key }: Mapping,
  row: number,
): Record<string, Value> | MapProblem[] {
  const problems: MapProblem[] = [];
  const mapped: Record<string, Value> = {};
  for (const { name, from, type } of fields) {
    const value = typed(valueAt(record, from), type);
    if (value === undefined) problems.push({ row, field: name, message: `is not a ${type}` });
    else if (value === null && primary_key.includes(name))
      problems.push({ row, field: name, message: "is empty, but part of the unique key" });
    else mapped[name] = value;
  }
  return problems.length > 0 ? problems : mapped;
}

const SCHEMAS: Record<FieldType, z.ZodType> = {
  text: z.string().nullable(),
  number: z.number().nullable(),
  boolean: z.boolean().nullable(),
  time: z.number().int().nullable(),
  money: z.number().nullable(),
};

/** The stream of a mapping; its name is always `records`. */
export function streamOf(mapping: Mapping, mode: StreamSpec["mode"]): StreamSpec {
  const shape = Object.fromEntries(mapping.fields.map(({ name, type }) => [name, SCHEMAS[type]]));
  const schema: z.ZodType<SourceRecord> = z.object(shape);
  return {
    name: "records",
    label: mapping.dataset,
    description: `Mapped records of ${mapping.dataset}.`,
    mode,
    primaryKey: mapping.primary_key,
    schema,
  };
}
