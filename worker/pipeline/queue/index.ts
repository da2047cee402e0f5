/**
 * The queue's consumers: delivery → commit, live, fold.
 * @module
 */
export { commit } from "./commit";
export { bury, consume } from "./consumer";
