/**
 * Sources: connecting, settings, secrets, uploads and runs.
 * @module
 */

export { advance } from "../engine/advance";
export { addDays, dailyStateSchema, settledAt } from "../engine/coverage";
export { newMemory, type RunMemory } from "../engine/memory";

export { AccountLimiter, accountLimits, limiterOf } from "../vendor/account-limiter";
export type { Counters, VendorClient } from "../vendor/client";
export { type Driver, SourceError, type StreamSpec } from "../vendor/driver";
export { completeConsent, refreshAccounts, startConsent } from "./authorize";
export { driverOf, type SourceBindings, vendorClientOf } from "./bindings";
export { driverViews, sourceDetail, sourceView } from "./describe";
export { preview, previewSource } from "./preview";
export { resealSecrets } from "./reseal";
export { endRun, LEASE_MS, listRuns, readRun, renewLease, updateRun } from "./run-store";
export {
  cancelSync,
  pruneOldRuns,
  type SyncParams,
  startDue,
  startSync,
} from "./schedule";
export { createSource, resetStream, updateSource } from "./service";
export {
  deletedSources,
  deleteProjectSources,
  findSource,
  isNewestResult,
  listSources,
  markDeleted,
  readSource,
  removeSource,
  type StoredSource,
  scheduleSoon,
} from "./store";
export { acceptDelivery, uploadCsv } from "./uploads";
