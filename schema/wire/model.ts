/**
 * Models: what can be asked of sources, what it is made of and whether it holds; and the rates that money is converted at.
 * @module
 */
import { z } from "zod";

export const rateSchema = z.object({
  /** `YYYY-MM-DD` */
  day: z.iso.date(),
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** Units of the currency for one euro. */
  per_euro: z.number().positive(),
});
export const ratesPutSchema = z.object({ rates: z.array(rateSchema).min(1).max(5000) });
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
  /** What one of it is: `minor units of currency`, `ms`; null for what has none. */
  unit: z.string().nullable(),
  meaning: z.string(),
});
/** What a test of a model last found. `checked_at` is null before the first time. */
export const modelTestSchema = z.object({
  name: z.string(),
  description: z.string(),
  checked_at: z.number().int().nullable(),
  rows: z.number().int(),
  failures: z.number().int(),
  /** Keys of rows that break it. */
  examples: z.array(z.string()),
});
export const modelSchema = z.object({
  name: z.string(),
  layer: z.enum(MODEL_LAYERS),
  description: z.string(),
  /** Columns that tell rows apart. */
  key: z.array(z.string()),
  columns: z.array(modelColumnSchema),
  /** Names of the models that it is made of. */
  from: z.array(z.string()),
  tests: z.array(modelTestSchema),
  /** Of marts: everything that vendors had said until then is in it, epoch ms. */
  complete_until: z.number().int().nullable(),
});
export type Model = z.infer<typeof modelSchema>;
export const modelListSchema = z.object({ data: z.array(modelSchema) });
