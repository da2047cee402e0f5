/**
 * The queue's consumers: delivery → commit, live, fold; dead letters.
 * @module
 */
export { commit, rowsOf } from "./commit";
export { bury, type Consumer, consume } from "./consumer";
export {
  countDeadLetters,
  type DeadLetter,
  deleteDeadLetter,
  findDeadLetter,
  listDeadLetters,
  markReplayed,
} from "./store";
