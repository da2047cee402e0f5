/**
 * Mappings: convert the records of a generic source to rows with named and typed columns.
 * @module
 */
import { z } from "zod";
import { boundedRecord } from "./strict";

/**
 * `number` is a decimal, `time` epoch ms (read from ISO 8601, epoch seconds or milliseconds), `money` a decimal in
 * major units of the field's currency.
 */
export const FIELD_TYPES = ["text", "number", "boolean", "time", "money"] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

const nameSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,62}$/,
    "Start with a lowercase letter; lowercase letters, digits and _ may follow.",
  );
export const mappedFieldSchema = z.strictObject({
  name: nameSchema,
  /** Path in a record: `id`, `customer.email`, `items[0].sku`; for CSV the column's header. */
  from: z.string().min(1).max(200),
  type: z.enum(FIELD_TYPES),
  /** For `money`: ISO 4217; null for others. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "An ISO 4217 code, such as EUR.")
    .nullable()
    .default(null),
});
export const mappingSchema = z
  .strictObject({
    dataset: nameSchema,
    /** Names of the fields that identify a record. */
    primary_key: z.array(z.string().max(63)).min(1).max(4),
    /** Name of the field with the time of a record; null when there is none. */
    time_field: z.string().max(63).nullable().default(null),
    fields: z.array(mappedFieldSchema).min(1).max(100),
  })
  .superRefine(({ fields, primary_key, time_field }, context) => {
    const types = new Map(fields.map(({ name, type }) => [name, type]));
    const refuse = (code: string, path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message, params: { code } });
    if (types.size < fields.length)
      refuse("field_name_duplicate", "fields", "Two fields have the same name.");
    for (const { name, type, currency } of fields)
      if (type === "money" && currency === null)
        refuse("currency_missing", "fields", `${name} needs a currency.`);
    for (const name of primary_key)
      if (!["text", "number", "time"].includes(types.get(name) ?? ""))
        refuse(
          "key_field_invalid",
          "primary_key",
          `${name} must be a field of the type text, number or time.`,
        );
    if (time_field !== null && types.get(time_field) !== "time")
      refuse("time_field_invalid", "time_field", `${time_field} must be a field of the type time.`);
  });
export type Mapping = z.output<typeof mappingSchema>;
export type MappedField = z.output<typeof mappedFieldSchema>;

/** Request for a preview. `sample` is the pasted or uploaded text, for `csv` and `webhook`. */
export const previewAskSchema = z.strictObject({
  sample: z.string().max(1_000_000).default(""),
  /** Applied to the rows. Default: the proposed mapping. */
  mapping: mappingSchema.optional(),
});
/** Request for a preview of a source that is not saved. */
export const previewNewSchema = previewAskSchema.extend({
  driver: z.enum(["http", "csv", "webhook"]),
  settings: boundedRecord(z.string().max(64), z.json(), 100).default({}),
  keys: boundedRecord(z.string().max(64), z.string().max(4000), 20).default({}),
});

/** Why a row does not fit the mapping. `row` counts from 1. */
export const mapProblemSchema = z.object({ row: z.number().int(), field: z.string(), message: z.string() });
export type MapProblem = z.infer<typeof mapProblemSchema>;

export const previewSchema = z.object({
  /** As received. */
  rows: z.array(z.record(z.string(), z.json())),
  /** The mapping inferred from the rows; null without rows. */
  proposed: mappingSchema.nullable(),
  /** The rows as they would be stored; rows with problems are left out. */
  mapped: z.array(z.record(z.string(), z.json())),
  problems: z.array(mapProblemSchema),
});
export type Preview = z.infer<typeof previewSchema>;

/** The result of an upload or a delivery. */
export const pushAnswerSchema = z.object({
  /** Rows that were read. */
  rows: z.number().int(),
  /** New, changed and removed rows. */
  changed: z.number().int(),
  /** The delivery had been accepted before and was ignored. */
  duplicate: z.boolean(),
});
export type PushAnswer = z.infer<typeof pushAnswerSchema>;
