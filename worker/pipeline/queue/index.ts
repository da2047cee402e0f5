/**
 * The queue's consumers: delivery → commit, live, fold.
 * @module
 */
export { forEachShard } from "./by-shard";
export { commit } from "./commit";
export { consume } from "./consumer";
export { consumeDeadLetters } from "./park";
