/**
 * Syncs of sources as durable workflows, one instance each, and maintenance between them.
 * @module
 */
export { tidy } from "./tidy";
export { SyncWorkflow } from "./workflow";
