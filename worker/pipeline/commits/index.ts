/**
 * Commits: which messages have been applied, the log of deliveries, and the messages that could not be applied.
 * @module
 */
export {
  type AppliedKeys,
  entryContentOf,
  findApplied,
  type KeyState,
  keyStateOf,
  keysOf,
  type NewKeys,
  selectApplied,
  selectKeyState,
  tablesFor,
  withTables,
} from "./applied";
export {
  countDeadLetters,
  type DeadLetter,
  deleteDeadLetter,
  findDeadLetter,
  listDeadLetters,
  listMissing,
  markReplayed,
  storeDeadLetters,
} from "./dead-letters";
export {
  appendCommit,
  type Commit,
  commitsAfter,
  countEventsSince,
  DROPS_RETENTION_MS,
  type DropCounts,
  deleteCommits,
  type Extents,
  forgetProject,
  hasCommitsAfter,
  replaceSegment,
} from "./log";
export { dropApplied } from "./tidy";
