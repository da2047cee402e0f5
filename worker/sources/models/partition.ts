/**
 * A part of the marts: what it is asked for with, and what it yields.
 * @module
 */
import type { RowOf } from "../../pipeline/lake";
import { recordsOf } from "../records";
import type { Staged } from "../shapes/staged";
import type { MartDataset, ModelSource } from "./store";

/** What a part is built from. */
export interface PartRequest {
  control: D1Database;
  db: D1Database;
  project: string;
  source: ModelSource;
  /** `YYYY-MM`; empty where the records of a source stand in one part. */
  month: string;
  /** ISO 4217 code that money is converted into. */
  currency: string;
}

/** What a part yields: each dataset of its driver, also without rows. */
export type Tables = { [D in MartDataset]?: RowOf<D>[] };

/** What a driver's records become. */
export interface DriverModels {
  datasets: readonly MartDataset[];
  /** Streams that all of it is made from. */
  streams: readonly string[];
  /** Whether its parts are months. */
  monthly: boolean;
  build(request: PartRequest): Promise<Tables>;
}

/** The records of a stream in the common shape, those that are gone left out. */
export async function stageAll<Shape, Context>(
  { db, project, source }: PartRequest,
  staged: Staged<Shape, Context>,
  context: Context,
): Promise<Shape[]> {
  const shapes: Shape[] = [];
  for await (const page of recordsOf(db, { project, source: source.id, stream: staged.stream }))
    for (const { body, removed_at } of page)
      if (removed_at === null) shapes.push(staged.stage(body, context));
  return shapes;
}
