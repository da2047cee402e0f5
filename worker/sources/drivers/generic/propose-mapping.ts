/**
 * Proposes a mapping from sample rows: names, types, unique key and time field, for the user to correct. Pure.
 * @module
 */
import type { FieldType, MappedField, Mapping } from "../../../../schema/wire/mapping";
import { isFields, typed, type Value, valueAt } from "./map-record";

const MAX_FIELDS = 100;
/** Maximum depth of nested records. */
const MAX_DEPTH = 3;
const CURRENCIES: Record<string, string> = { eur: "EUR", usd: "USD", gbp: "GBP", jpy: "JPY" };

/** The mapping of rows parsed from JSON; null when there is nothing to map. */
export function propose(rows: readonly Record<string, unknown>[], dataset: string): Mapping | null {
  const paths = [...new Set(rows.flatMap((row) => pathsOf(row)))].slice(0, MAX_FIELDS);
  const taken = new Set<string>();
  const fields = paths.map((from): MappedField => {
    const values = rows.map((row) => valueAt(row, from)).filter((value) => value !== null && value !== "");
    const type = typeOf(
      from,
      values.filter((value) => value !== undefined),
    );
    const currency = type === "money" ? currencyOf(from, rows) : null;
    return { name: nameOf(from, taken), from, type, currency };
  });
  const [first] = fields;
  if (!first) return null;
  const keys = fields.filter(({ type }) => type === "text" || type === "number");
  const unique = keys.filter(({ from, type }) =>
    isUnique(rows.map((row) => typed(valueAt(row, from), type))),
  );
  const key =
    unique.find(({ name }) => /(^|_)(id|uuid|key|number|no)$/.test(name)) ?? unique[0] ?? keys[0] ?? first;
  const time =
    fields.find(({ name, type }) => type === "time" && /creat|time|date|at$/.test(name)) ??
    fields.find(({ type }) => type === "time");
  return {
    dataset: nameOf(dataset, new Set()),
    primary_key: [key.name],
    time_field: time?.name ?? null,
    // A key is text, even if its values look like times or booleans.
    fields: fields.map((own) =>
      own === key && !keys.includes(own) ? { ...own, type: "text" as const } : own,
    ),
  };
}

/** Paths of the values in a record. Lists are stored as JSON. */
function pathsOf(record: Record<string, unknown>, depth = 1, prefix = ""): string[] {
  return Object.entries(record).flatMap(([name, value]) => {
    const path = prefix + name;
    return isFields(value) && depth < MAX_DEPTH ? pathsOf(value, depth + 1, `${path}.`) : [path];
  });
}

function nameOf(from: string, taken: Set<string>): string {
  const plain = from
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^[^a-z]+|_+$/g, "")
    .slice(0, 56);
  const base = plain || "field";
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}_${count}`;
  taken.add(name);
  return name;
}

/** The narrowest type that fits all values. */
function typeOf(from: string, values: unknown[]): FieldType {
  const takes = (type: FieldType) =>
    values.length > 0 && values.every((value) => typed(value, type) !== undefined);
  const isNumeric = takes("number");
  const isTimeName = /(^|[._])(at|on|date|time|created|updated|timestamp)$|(At|On|Date|Time)$/i.test(from);
  if (values.length > 0 && values.every((value) => /^(true|false|yes|no)$/i.test(String(value))))
    return "boolean";
  if (takes("time") && (!isNumeric || (isTimeName && values.every((value) => Number(value) > 100_000_000))))
    return "time";
  if (!isNumeric) return "text";
  // Digits with a leading zero, or too many of them, are an id and not a number.
  const isName = values.some((value) => typeof value === "string" && /^0\d|^\d{16,}$/.test(value));
  if (isName || /(^|[._])id$|Id$/.test(from)) return "text";
  return /amount|price|total|cost|revenue|value|spend|mrr/i.test(from) ? "money" : "number";
}

/** The currency in the field's name or in a related field; euro by default. */
function currencyOf(from: string, rows: readonly Record<string, unknown>[]): string {
  const named = Object.keys(CURRENCIES).find((code) => new RegExp(`(^|[._])${code}$`, "i").test(from));
  const beside = rows
    .map((row) => valueAt(row, "currency"))
    .find((value) => /^[a-z]{3}$/i.test(String(value)));
  return (named && CURRENCIES[named]) ?? (beside === undefined ? "EUR" : String(beside).toUpperCase());
}

function isUnique(values: (Value | undefined)[]): boolean {
  return (
    values.every((value) => value !== null && value !== undefined) && new Set(values).size === values.length
  );
}
