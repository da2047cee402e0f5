/**
 * Staging: converting a vendor's records to a common shape.
 * @module
 */
import type { z } from "zod";

/** How the records of one stream are converted. */
export interface Staged<Shape, Context> {
  stream: string;
  /** Schema of the stream's records. */
  schema: z.ZodType;
  stage(record: Record<string, unknown>, context: Context): Shape;
}

/**
 * Declares how a stream is staged. Records were parsed with `schema` before they were stored, so they are cast to its
 * type instead of being parsed again.
 */
export function staged<Shape, Context, R>(
  stream: string,
  schema: z.ZodType<R>,
  stage: (record: R, context: Context) => Shape,
): Staged<Shape, Context> {
  return { stream, schema, stage: (record, context) => stage(record as R, context) };
}
