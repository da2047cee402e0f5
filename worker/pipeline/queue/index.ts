/**
 * The queue's consumers: delivery → commit, live, fold; dead letters.
 * @module
 */
export { commit, rowsOf } from "./commit";
export { bury, consume } from "./consumer";
export {
  countDeadLetters,
  deleteDeadLetter,
  findDeadLetter,
  listDeadLetters,
  markReplayed,
} from "./store";
