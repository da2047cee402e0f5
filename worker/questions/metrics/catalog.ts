/**
 * The registry as users and programs read it.
 * @module
 */
import { z } from "zod";
import { METRIC_FORMATS, unitSchema } from "../../../schema/wire/metric";
import { DATASETS } from "./registry";

const named = { name: z.string(), label: z.string(), description: z.string() };

export const catalogSchema = z.object({
  datasets: z.array(
    z.object({
      ...named,
      /** True when `property:<key>` can be used as a dimension or in filters. */
      properties: z.boolean(),
      dimensions: z.array(
        z.object({
          ...named,
          type: z.enum(["string", "time"]),
          /** False: can be filtered by, but not broken down by. */
          breakdown: z.boolean(),
        }),
      ),
      /** Numeric fields of rows, besides dimensions and properties. */
      numbers: z.array(z.object({ ...named, unit: unitSchema })),
      metrics: z.array(
        z.object({
          ...named,
          unit: unitSchema,
          format: z.enum(METRIC_FORMATS),
          /** `up`: more is better. */
          good: z.enum(["up", "down"]).nullable(),
        }),
      ),
    }),
  ),
});
export type Catalog = z.infer<typeof catalogSchema>;

/** Every dataset with its dimensions and metrics. */
export function catalog(): Catalog {
  return {
    datasets: Object.values(DATASETS).map((dataset) => ({
      name: dataset.name,
      label: dataset.label,
      description: dataset.description,
      properties: dataset.property !== undefined,
      dimensions: Object.values(dataset.dimensions).map(({ name, label, description, origin }) => ({
        name,
        label,
        description,
        type: origin.kind === "time" ? "time" : "string",
        breakdown: !(origin.kind === "related" && origin.many),
      })),
      numbers: Object.values(dataset.numbers ?? {}).map(({ name, label, description, unit }) => ({
        name,
        label,
        description,
        unit,
      })),
      metrics: Object.values(dataset.metrics).map(({ name, label, description, unit, format, good }) => ({
        name,
        label,
        description,
        unit,
        format,
        good,
      })),
    })),
  };
}
