/**
 * Sources: drivers that know vendors, and everything around their reads: limits, secrets, consent, runs.
 * @module
 */

export type { KeyRing, Sealed } from "../../lib/key-ring";
export { guarded, refuseUrl } from "../drivers/generic/url-guard";
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
export { AccountLimiter, type LimiterBindings, limiterOf, standingOf } from "../vendor/account-limiter";
export type { Counters, Session } from "../vendor/client";
export { type DayTotals, type Driver, SourceError, type StreamSpec } from "../vendor/driver";
export { askConsent, type Consent, hearConsent, recheck } from "./authorize";
export { driverOf, ringOf, type SourceBindings, type Surroundings, sessionOf } from "./bindings";
export { driverViews, sourceDetail, sourceView } from "./describe";
export { preview, previewSource } from "./preview";
export { sealAgain } from "./reseal";
export { endRun, keepRun, LEASE_MS, listRuns, readRun, renewLease } from "./run-store";
export {
  cancelSync,
  type StartBindings,
  type SyncParams,
  startDue,
  startSync,
  tidySources,
} from "./schedule";
export { createSource, resetStream, updateSource } from "./service";
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
export { takeDelivery, uploadCsv } from "./uploads";
