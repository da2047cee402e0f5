/**
 * Commits: which messages have been applied, the log of deliveries, and the messages that could not be applied.
 * @module
 */
export {
  dropApplied,
  findApplied,
  keysOf,
  selectApplied,
  tablesFor,
  withTables,
} from "./applied";
export {
  countDeadLetters,
  deleteDeadLetter,
  findDeadLetter,
  listDeadLetters,
  markReplayed,
  storeDeadLetters,
} from "./dead-letters";
export {
  appendCommit,
  type Commit,
  commitsAfter,
  DROPS_RETENTION_MS,
  type DropCounts,
  deleteCommits,
  type Extents,
} from "./log";
