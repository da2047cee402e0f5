/**
 * Removes rows of deleted projects from the lake, whatever the size of their segments.
 * @module
 */
import type { Stores } from "../../lib/stores";
import { DAY_MS } from "../../lib/time";
import { forgetProject } from "../commits";
import { DATASETS, type Dataset, liveSegments } from "../lake";
import { keepRows } from "./remove-rows";
import { deletedProjects, forgetDeleted } from "./upkeep-store";

/** Projects of one call; the next one continues. */
const MAX_PROJECTS = 20;
/** A message can wait in the queue, or as a dead letter to be replayed, for less than this. */
const STRAGGLERS_MS = 15 * DAY_MS;

/** Removes the rows of deleted projects; `isTimeUp` is asked after each segment, the next call continues. */
export async function purgeDeleted(stores: Stores, now: number, isTimeUp: () => boolean): Promise<void> {
  for (const { project, deleted_at } of await deletedProjects(stores.db, MAX_PROJECTS)) {
    await forgetProject(stores.db, project).run();
    for (const dataset of Object.keys(DATASETS) as Dataset[]) {
      for (const segment of await liveSegments(stores.db, dataset, { project })) {
        await keepRows(stores, segment, now, (row) => row.project_id !== project);
        if (isTimeUp()) return;
      }
    }
    if (now - deleted_at > STRAGGLERS_MS) await forgetDeleted(stores.db, project).run();
  }
}
