/**
 * Syncs of sources as durable work: one instance of a workflow each, and what is done between them.
 * @module
 */
export { tidy } from "./tidy";
export { SyncWorkflow } from "./workflow";
