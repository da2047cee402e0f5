/**
 * Labels of sources: status, errors with what to do about them, and why a sync ran.
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
    about: "Impressions, clicks and spend by campaign and day, in one table across platforms.",
  },
  crm: { title: "CRM", about: "Contacts and their deals: open, won and lost." },
  billing: { title: "Billing", about: "Subscriptions, invoices and payments." },
  generic: {
    title: "Custom data",
    about: "Your own data with mapped fields: a JSON endpoint, a CSV file or a webhook.",
  },
};

/** The status of a source or a sync as a short label. */
export interface StatusLabel {
  text: string;
  icon: IconName;
  tone?: "good" | "bad" | "busy";
}

/** Returns the most important status of a source at `now` (epoch milliseconds). */
export function sourceStatus(source: Source, isSyncing: boolean, now: number, locale: string): StatusLabel {
  if (source.status === "broken") return { text: "Action needed", icon: "warn", tone: "bad" };
  if (source.status === "connecting") return { text: "Not connected", icon: "key" };
  if (isSyncing) return { text: "Syncing", icon: "live", tone: "busy" };
  if (source.status === "paused") return { text: "Paused", icon: "pause" };
  if (source.synced_at === null) return { text: "Not synced yet", icon: "info" };
  if (isLate(source, now))
    return { text: `Delayed: synced ${ago(source.synced_at, now, locale)}`, icon: "warn", tone: "bad" };
  return { text: "Up to date", icon: "check", tone: "good" };
}

/** Whether two intervals have passed without a complete sync. */
function isLate({ synced_at, interval_minutes }: Source, now: number): boolean {
  return synced_at !== null && now - synced_at > 2 * interval_minutes * MINUTE_MS;
}

/** Formats a sync interval: `every hour`, `every 15 minutes`. */
export function intervalLabel(minutes: number, locale: string): string {
  if (minutes === 60) return "every hour";
  if (minutes === 1440) return "once a day";
  return minutes % 60 === 0 ? `every ${counted(minutes / 60, "hour", locale)}` : `every ${minutes} minutes`;
}

/** What happened, what it means for the data, and the `action` that a person can take. */
export interface SourceErrorLabel {
  title: string;
  detail: string;
  action: "nothing" | "consent" | "settings" | "sync";
}

const ERRORS: Record<SourceErrorCode, (vendor: string) => SourceErrorLabel> = {
  rate_limited: (vendor) => ({
    title: `${vendor} is limiting requests`,
    detail: "The sync continues automatically. Data synced so far is complete and correct.",
    action: "nothing",
  }),
  unavailable: (vendor) => ({
    title: `${vendor} is unavailable`,
    detail: "Retries run automatically with increasing delays. Data synced so far is complete and correct.",
    action: "nothing",
  }),
  too_much: (vendor) => ({
    title: `${vendor} cannot return this many days at once`,
    detail:
      "The sync continues with smaller ranges, down to one day. Data synced so far is complete and correct.",
    action: "nothing",
  }),
  breaker_open: (vendor) => ({
    title: `${vendor} failed five times in a row`,
    detail:
      "Requests for this account pause for five minutes, then resume with a single test request. Other accounts and sources are not affected.",
    action: "nothing",
  }),
  auth: (vendor) => ({
    title: `Access to ${vendor} has expired or was revoked`,
    detail: "Data synced so far is not affected. Reconnect to continue syncing.",
    action: "consent",
  }),
  forbidden: (vendor) => ({
    title: `This ${vendor} login cannot read the account`,
    detail:
      "Data synced so far is not affected. Grant the login read access, or reconnect with another login.",
    action: "consent",
  }),
  schema: (vendor) => ({
    title: `${vendor} returned an unexpected format`,
    detail:
      "Those responses were rejected, so no number is wrong, but this stream is not up to date. Other streams continue. Updating Selvedge usually fixes this.",
    action: "sync",
  }),
  invalid: (vendor) => ({
    title: `${vendor} rejected the settings`,
    detail: "Data synced so far is not affected. Check the settings and keys below.",
    action: "settings",
  }),
  internal: () => ({
    title: "Internal error",
    detail: "Data synced so far is complete and correct. Try again; if the error persists, contact support.",
    action: "sync",
  }),
};

/** Returns the label of an error; `vendor` is the driver's label. */
export function sourceErrorLabel(error: Pick<SourceErrorInfo, "code">, vendor: string): SourceErrorLabel {
  return ERRORS[error.code](vendor);
}

export const TRIGGERS: Record<SyncTrigger, string> = {
  connect: "First sync",
  schedule: "Scheduled",
  manual: "Manual",
  reset: "Re-sync",
};

export const OUTCOMES: Record<SyncStatus, StatusLabel> = {
  running: { text: "Running", icon: "live", tone: "busy" },
  waiting: { text: "Waiting", icon: "pause", tone: "busy" },
  succeeded: { text: "Succeeded", icon: "check", tone: "good" },
  partial: { text: "Partial", icon: "warn", tone: "bad" },
  failed: { text: "Failed", icon: "warn", tone: "bad" },
  canceled: { text: "Canceled", icon: "close" },
};

/** Whether a run is in progress. */
export function isRunning(run: Pick<SyncRun, "status">): boolean {
  return run.status === "running" || run.status === "waiting";
}
