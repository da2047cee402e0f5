/**
 * A project's sessions: valid sealed ones, then open ones.
 * @module
 */
import { validityOf } from "../../../../pipeline/rollup";
import type { Read } from "../../plan/lake-plan";
import type { Snapshot } from "../snapshot-store";
import { aliveRows, batchesOf, openBatch, type ReadCost } from "./sources";
import { type Batch, type BatchView, viewOf } from "./view";

/** Views of all sessions that start in the range of the read. Its columns must include `started_at`, `generation` and `epoch`. */
export async function* sessionViews(
  lake: R2Bucket,
  project: string,
  snapshot: Snapshot,
  read: Read,
  cost: ReadCost,
): AsyncGenerator<BatchView> {
  const { derived, project: state, openSessions, sessions } = snapshot;
  const isValid = validityOf(state.generation, derived, state.timezone);
  for await (const { length, columns } of batchesOf(lake, sessions, project, read, cost)) {
    const batch: Batch = { length, columns, alive: null };
    const view = viewOf("sessions", batch, null);
    batch.alive = aliveRows(view, isValid);
    yield view;
  }
  for (const page of openSessions.byPage(read.from, read.to)) {
    cost.rows += page.length;
    yield viewOf("sessions", openBatch(page, read.columns), null);
  }
}
