/**
 * Tables of the control database for sources: connections, their runs, quality results, notices, currency rates.
 * Records are stored in the project's shard, in one transaction with the position up to which they were read. Times are
 * epoch ms.
 * @module
 */
import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type {
  QualityResult,
  Source,
  SourceErrorInfo,
  SourceStatus,
  SyncProgress,
  SyncStatus,
  SyncTrigger,
  VendorAccount,
} from "../wire/source";
import type { DriverName } from "../wire/vendors";
import { projects } from "./control";

const project = () =>
  text("project_id")
    .notNull()
    .references(() => projects.id, { onDelete: "cascade" });
const source = () =>
  text("source_id")
    .notNull()
    .references(() => sources.id, { onDelete: "cascade" });

/** Connections to vendors, one row each. */
export const sources = sqliteTable(
  "sources",
  {
    id: text("id").primaryKey(),
    project_id: project(),
    driver: text("driver").$type<DriverName>().notNull(),
    name: text("name").notNull(),
    /** Parsed by the driver's `settings` schema. Nothing secret. */
    settings: text("settings", { mode: "json" }).$type<Source["settings"]>().notNull(),
    /** Accounts that can be read, as last returned by `check`. */
    accounts: text("accounts", { mode: "json" }).$type<VendorAccount[]>().notNull().default([]),
    /** Encrypted JSON of tokens or keys (worker/lib/key-ring.ts); null before connecting. Never leaves the Worker. */
    secret: text("secret"),
    /** Id of the key that encrypted it. */
    secret_key: text("secret_key"),
    /** One of `SOURCE_STATUSES`. */
    status: text("status").$type<SourceStatus>().notNull(),
    /** The error that prevents syncs; null without one. */
    error: text("error", { mode: "json" }).$type<SourceErrorInfo>(),
    interval_ms: integer("interval_ms").notNull(),
    /** When the next sync is due; null while paused or not connected. */
    next_sync_at: integer("next_sync_at"),
    /** Run with the exclusive right to write until `lease_until`. */
    lease: text("lease"),
    lease_until: integer("lease_until"),
    /** When the access, and with it the connection, expires unless a user renews it; null when it does not. */
    access_expires_at: integer("access_expires_at"),
    /** End of the last run that read everything. */
    synced_at: integer("synced_at"),
    created_by: text("created_by").notNull(),
    created_at: integer("created_at").notNull(),
    updated_at: integer("updated_at").notNull(),
    /** Hidden from users; the row is deleted when all of its records are. */
    deleted_at: integer("deleted_at"),
  },
  (t) => [index("sources_by_project").on(t.project_id, t.id), index("sources_by_due").on(t.next_sync_at)],
);

/** Syncs, running and past; retained 90 days. */
export const syncRuns = sqliteTable(
  "sync_runs",
  {
    /** ULID, also the id of the workflow instance. */
    id: text("id").primaryKey(),
    source_id: source(),
    project_id: text("project_id").notNull(),
    /** One of `SYNC_TRIGGERS`. */
    trigger: text("trigger").$type<SyncTrigger>().notNull(),
    /** One of `SYNC_STATUSES`. */
    status: text("status").$type<SyncStatus>().notNull(),
    started_at: integer("started_at").notNull(),
    ended_at: integer("ended_at"),
    records: integer("records").notNull().default(0),
    requests: integer("requests").notNull().default(0),
    bytes: integer("bytes").notNull().default(0),
    /** Rate-limited responses. */
    throttled: integer("throttled").notNull().default(0),
    progress: text("progress", { mode: "json" }).$type<SyncProgress>().notNull().default([]),
    error: text("error", { mode: "json" }).$type<SourceErrorInfo>(),
    next_attempt_at: integer("next_attempt_at"),
  },
  (t) => [index("sync_runs_by_source").on(t.source_id, t.started_at)],
);

/** Pending consents. The OAuth `state` is stored as its SHA-256 and works once. */
export const connects = sqliteTable("connects", {
  hash: text("hash").primaryKey(),
  source_id: source(),
  user_id: text("user_id").notNull(),
  /** Encrypted PKCE verifier. */
  verifier: text("verifier").notNull(),
  verifier_key: text("verifier_key").notNull(),
  expires_at: integer("expires_at").notNull(),
});

/** Euro reference rates: units of a currency for one euro on a day (`YYYY-MM-DD`), as the ECB publishes them. */
export const currencyRates = sqliteTable(
  "currency_rates",
  { day: text("day").notNull(), currency: text("currency").notNull(), per_euro: real("per_euro").notNull() },
  (t) => [primaryKey({ columns: [t.currency, t.day] })],
);

/** Latest results of the tests of models. */
export const modelResults = sqliteTable(
  "model_results",
  {
    project_id: project(),
    model: text("model").notNull(),
    /** Name of the test, from worker/sources/models' declarations. */
    test: text("test").notNull(),
    checked_at: integer("checked_at").notNull(),
    /** Rows checked, and rows that failed. */
    rows: integer("rows").notNull(),
    failures: integer("failures").notNull(),
    /** Keys of a few rows that fail it. */
    examples: text("examples", { mode: "json" }).$type<string[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.project_id, t.model, t.test] })],
);

/** Results of quality checks, stored for 90 days. */
export const qualityResults = sqliteTable(
  "quality_results",
  {
    source_id: source(),
    /** Name of the check, from worker/sources/quality's closed list. */
    name: text("name").notNull(),
    checked_at: integer("checked_at").notNull(),
    project_id: text("project_id").notNull(),
    /** `passed`, `failed` or `unknown` (could not be checked). */
    outcome: text("outcome").$type<QualityResult["outcome"]>().notNull(),
    /** Correct share of what was checked, 0 to 1. */
    score: real("score").notNull(),
    /** One sentence for users. */
    summary: text("summary").notNull(),
    /** The expected value, the actual value and where they differ. */
    detail: text("detail", { mode: "json" }).$type<QualityResult["detail"]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.source_id, t.name, t.checked_at] })],
);
