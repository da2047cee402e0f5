/**
 * The activity feed, and publishing of changes.
 * @module
 */
export {
  type ActivityEntry,
  deleteProjectActivity,
  listActivity,
  pruneActivity,
  recordActivity,
} from "./activity-store";
export { type Actor, type Change, publish } from "./publish";
