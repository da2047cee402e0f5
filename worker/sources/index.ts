/**
 * Sources: drivers that know vendors, and everything around their reads: limits, secrets, consent, runs.
 * @module
 */
export { AccountLimiter, type LimiterBindings, limiterOf, standingOf } from "./account-limiter";
export { driverOf, ringOf, type SourceBindings, type Surroundings, sessionOf } from "./bindings";
export { askConsent, type Consent, hearConsent, recheck } from "./connecting";
export { driverViews, sourceDetail, sourceView } from "./describe";
export { type DayTotals, type Driver, SourceError, type StreamSpec } from "./driver";
export { guarded, refuseUrl } from "./drivers/guard";
export {
  type Advance,
  type AdvanceDeps,
  advance,
  type Budget,
  type Outcome,
} from "./engine/advance";
export { addDays, dailyStateSchema, settledAt } from "./engine/coverage";
export { newMemory, type RunMemory } from "./engine/memory";
export type { Run } from "./engine/units";
export { createSource, resetStream, updateSource } from "./manage";
export { preview, previewSource } from "./preview";
export { takeDelivery, uploadCsv } from "./push";
export { sealAgain } from "./rotate";
export { endRun, keepRun, LEASE_MS, listRuns, readRun, renewLease } from "./run-store";
export type { KeyRing, Sealed } from "./secrets";
export type { Counters, Session } from "./session";
export {
  cancelSync,
  type StartBindings,
  type SyncParams,
  startDue,
  startSync,
  tidySources,
} from "./start";
export {
  deletedSources,
  findSource,
  forgetSources,
  goOnSoon,
  listSources,
  markDeleted,
  readSource,
  removeSource,
  type StoredSource,
} from "./store";
