/**
 * A partition of the marts: what it is built from, and its result.
 * @module
 */
import type { RowOf } from "../../pipeline/lake";
import { recordsOf } from "../records";
import type { Staged } from "../shapes/staged";
import type { MartDataset, ModelSource } from "./store";

/** The input of a partition. */
export interface PartRequest {
  control: D1Database;
  db: D1Database;
  project: string;
  source: ModelSource;
  /** `YYYY-MM`; empty for sources without months. */
  month: string;
  /** ISO 4217 code of the target currency. */
  currency: string;
}

/** The result of a partition: every dataset of its driver, even without rows. */
export type Tables = { [D in MartDataset]?: RowOf<D>[] };

/** The builder of a driver's marts. */
export interface DriverModels {
  datasets: readonly MartDataset[];
  /** Streams that every dataset is built from. */
  streams: readonly string[];
  /** Whether its partitions are months. */
  monthly: boolean;
  build(request: PartRequest): Promise<Tables>;
}

/** Returns the records of a stream in the common shape, without removed ones. */
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
