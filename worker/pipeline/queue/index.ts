/**
 * The queue's consumers: delivery → commit, live, fold.
 * @module
 */
export { commit } from "./commit";
export { consume, consumeDeadLetters } from "./consumer";
