/**
 * Sources: connecting, settings, secrets, uploads and runs.
 * @module
 */

export type { KeyRing, Sealed } from "../../lib/key-ring";

export {
  type Advance,
  type AdvanceDeps,
  advance,
  type Budget,
  type Outcome,
} from "../engine/advance";
export { addDays, dailyStateSchema, settledAt } from "../engine/coverage";
export { newMemory, type RunMemory } from "../engine/memory";
export type { Run } from "../engine/units";
export { AccountLimiter, accountLimits, type LimiterBindings, limiterOf } from "../vendor/account-limiter";
export type { Counters, VendorClient } from "../vendor/client";
export { type DayTotals, type Driver, SourceError, type StreamSpec } from "../vendor/driver";
export { type ConsentResult, completeConsent, refreshAccounts, startConsent } from "./authorize";
export { type ClientOverrides, driverOf, type SourceBindings, vendorClientOf } from "./bindings";
export { driverViews, sourceDetail, sourceView } from "./describe";
export { preview, previewSource } from "./preview";
export { resealSecrets } from "./reseal";
export { endRun, LEASE_MS, listRuns, readRun, renewLease, updateRun } from "./run-store";
export {
  cancelSync,
  pruneOldRuns,
  type StartBindings,
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
