/**
 * Models: the datasets built from sources, their lineage and test results; and the currency rates.
 * @module
 */
import { z } from "zod";
import { strict } from "./strict";

export const rateSchema = z.object({
  /** `YYYY-MM-DD` */
  day: z.iso.date(),
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** Units of the currency for one euro. */
  per_euro: z.number().positive().max(1e9),
});
export const ratesPutSchema = strict({ rates: z.array(strict(rateSchema.shape)).min(1).max(5000) });
export const rateListSchema = z.object({
  data: z.array(
    z.object({
      currency: z.string(),
      /** First and last day. */
      from: z.string(),
      to: z.string(),
      days: z.number().int(),
    }),
  ),
});

export const MODEL_LAYERS = ["source", "staging", "mart"] as const;
export const modelColumnSchema = z.object({
  name: z.string(),
  /** `text`, `integer`, `number`, `boolean`, `day`, `time`, `json`. */
  type: z.string(),
  nullable: z.boolean(),
  /** Unit of a value: `minor units of currency`, `ms`; null without a unit. */
  unit: z.string().nullable(),
  meaning: z.string(),
});
/** Latest result of a test of a model. `checked_at` is null before the first run. */
export const modelTestSchema = z.object({
  name: z.string(),
  description: z.string(),
  checked_at: z.number().int().nullable(),
  rows: z.number().int(),
  failures: z.number().int(),
  /** Keys of rows that fail it. */
  examples: z.array(z.string()),
});
export const modelSchema = z.object({
  name: z.string(),
  layer: z.enum(MODEL_LAYERS),
  description: z.string(),
  /** Columns that identify a row. */
  key: z.array(z.string()),
  columns: z.array(modelColumnSchema),
  /** Names of its input models. */
  from: z.array(z.string()),
  tests: z.array(modelTestSchema),
  /** Of marts: all records that vendors had reported until then are included, epoch ms. */
  complete_until: z.number().int().nullable(),
});
export type Model = z.infer<typeof modelSchema>;
export const modelListSchema = z.object({ data: z.array(modelSchema) });
