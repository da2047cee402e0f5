/**
 * Sources: drivers that know vendors, and everything around their reads: limits, secrets, consent, runs.
 * @module
 */
export { AccountLimiter, type LimiterBindings, limiterOf, standingOf } from "./account-limiter";
