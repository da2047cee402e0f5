/**
 * Sources in plain words: how one stands, what went wrong and what to do, why it was read.
 * @module
 */
import type {
  Source,
  SourceDriver,
  SourceErrorCode,
  SourceErrorInfo,
  SyncRun,
  SyncStatus,
  SyncTrigger,
} from "../../../../schema/wire/source";
import { ago, counted } from "../../ui/format";
import type { IconName } from "../../ui/icon";

const MINUTE_MS = 60_000;

export const CATEGORIES: Record<SourceDriver["category"], { title: string; about: string }> = {
  ads: {
    title: "Ad platforms",
    about: "What is shown, clicked and paid for, by campaign and day, in one table over all platforms.",
  },
  crm: { title: "Customers", about: "Who became a contact, and which deals are open, won and lost." },
  billing: { title: "Billing", about: "Subscriptions, invoices and payments: what customers really pay." },
  generic: {
    title: "Anything else",
    about: "Your own data with its fields mapped: an address that answers JSON, a file, or calls to us.",
  },
};

/** How a source stands, in a few words. */
export interface Standing {
  word: string;
  icon: IconName;
  mood?: "good" | "bad" | "busy";
}

/** The most important thing to know about a source at `now`. */
export function standing(source: Source, isReading: boolean, now: number, locale: string): Standing {
  if (source.status === "broken") return { word: "Needs you", icon: "warn", mood: "bad" };
  if (source.status === "connecting") return { word: "Not connected yet", icon: "key" };
  if (isReading) return { word: "Reading now", icon: "live", mood: "busy" };
  if (source.status === "paused") return { word: "Paused", icon: "pause" };
  if (source.synced_at === null) return { word: "Not read yet", icon: "info" };
  if (isLate(source, now))
    return { word: `Late: read ${ago(source.synced_at, now, locale)}`, icon: "warn", mood: "bad" };
  return { word: "Up to date", icon: "check", mood: "good" };
}

/** Whether two intervals have passed without a complete read. */
function isLate({ synced_at, interval_minutes }: Source, now: number): boolean {
  return synced_at !== null && now - synced_at > 2 * interval_minutes * MINUTE_MS;
}

/** `every hour`, `every 15 minutes`. */
export function everyWords(minutes: number, locale: string): string {
  if (minutes === 60) return "every hour";
  if (minutes === 1440) return "once a day";
  return minutes % 60 === 0 ? `every ${counted(minutes / 60, "hour", locale)}` : `every ${minutes} minutes`;
}

/** What happened, what is safe and what to do; `need` is what a person can do about it. */
export interface TroubleWords {
  title: string;
  safe: string;
  need: "nothing" | "consent" | "settings" | "sync";
}

const TROUBLES: Record<SourceErrorCode, (vendor: string) => TroubleWords> = {
  rate_limited: (vendor) => ({
    title: `${vendor} asks us to wait`,
    safe: "Reading goes on by itself. What was read so far is kept and right.",
    need: "nothing",
  }),
  unavailable: (vendor) => ({
    title: `${vendor} does not answer`,
    safe: "It is asked again by itself, less and less often. What was read so far is kept and right.",
    need: "nothing",
  }),
  too_much: (vendor) => ({
    title: `${vendor} cannot answer for so many days at once`,
    safe: "Fewer days are asked for at a time, down to one. What was read so far is kept and right.",
    need: "nothing",
  }),
  breaker_open: (vendor) => ({
    title: `${vendor} failed five times in a row`,
    safe: "That account rests for five minutes, then one request tries it. Other accounts and sources go on.",
    need: "nothing",
  }),
  auth: (vendor) => ({
    title: `Access to ${vendor} has ended`,
    safe: "Everything read until then stays. Nothing new comes in until somebody connects again.",
    need: "consent",
  }),
  forbidden: (vendor) => ({
    title: `${vendor} does not let this login read the account`,
    safe: "Everything read until then stays. Give the login the right to read it, or connect with another one.",
    need: "consent",
  }),
  schema: (vendor) => ({
    title: `${vendor} answers in another shape than it did`,
    safe: "Nothing of those answers was taken, so no number is wrong; they are only not newer. Other streams go on. A newer version of Selvedge usually knows the shape.",
    need: "sync",
  }),
  invalid: (vendor) => ({
    title: `${vendor} does not accept the settings`,
    safe: "Everything read until then stays. Check the settings and keys below.",
    need: "settings",
  }),
  internal: () => ({
    title: "Something broke on our side",
    safe: "What was read so far is kept and right: rows and their place in the reading are written together.",
    need: "sync",
  }),
};

/** An error in words; `vendor` is the driver's label. */
export function troubleWords(error: Pick<SourceErrorInfo, "code">, vendor: string): TroubleWords {
  return TROUBLES[error.code](vendor);
}

export const TRIGGERS: Record<SyncTrigger, string> = {
  connect: "First read",
  schedule: "On schedule",
  manual: "Asked for",
  reset: "Read anew",
};

export const OUTCOMES: Record<SyncStatus, { word: string; icon: IconName; mood?: "good" | "bad" | "busy" }> =
  {
    running: { word: "Reading", icon: "live", mood: "busy" },
    waiting: { word: "Waiting", icon: "pause", mood: "busy" },
    succeeded: { word: "Complete", icon: "check", mood: "good" },
    partial: { word: "In part", icon: "warn", mood: "bad" },
    failed: { word: "Failed", icon: "warn", mood: "bad" },
    cancelled: { word: "Cancelled", icon: "close" },
  };

/** Whether a run is under way. */
export function isGoing(run: Pick<SyncRun, "status">): boolean {
  return run.status === "running" || run.status === "waiting";
}
