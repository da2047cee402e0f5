/**
 * Sources: connections to ad platforms, CRMs, billing systems and others, their syncs and their records.
 * @module
 */
import { z } from "zod";
import { boundedRecord, strict } from "./strict";
import { type DriverName, VENDOR_LABELS } from "./vendors";

export const driverNameSchema = z.literal(Object.keys(VENDOR_LABELS) as DriverName[]);

/** How a vendor's badge is drawn: lines repeated over a square. No vendor logos are used. */
export const vendorBadgeSchema = z.object({
  /** SVG path of one tile. */
  path: z.string(),
  /** Side of the tile in units of the path. */
  tile: z.number(),
  /** Index of a chart color, 1 to 8. */
  hue: z.number().int(),
});
export type VendorBadge = z.infer<typeof vendorBadgeSchema>;

/**
 * `connecting`: no consent yet. `broken`: access has ended or the vendor refuses access, and a user has to act;
 * temporary errors do not change the status.
 */
export const SOURCE_STATUSES = ["connecting", "active", "paused", "broken"] as const;
export const sourceStatusSchema = z.enum(SOURCE_STATUSES);
export type SourceStatus = z.infer<typeof sourceStatusSchema>;

export const SYNC_TRIGGERS = ["connect", "schedule", "manual", "reset"] as const;
/** `waiting`: until `next_attempt_at`, because of the vendor's limit or the breaker. `partial`: some streams failed. */
export const SYNC_STATUSES = ["running", "waiting", "succeeded", "partial", "failed", "canceled"] as const;
export type SyncStatus = (typeof SYNC_STATUSES)[number];
export type SyncTrigger = (typeof SYNC_TRIGGERS)[number];

/**
 * Why reading a source failed, a closed list. `rate_limited`, `unavailable`, `too_much` and `breaker_open` are
 * temporary; `auth` and `forbidden` require a user; `schema` means that the vendor's response has an unexpected shape.
 */
export const SOURCE_ERRORS = [
  "rate_limited",
  "unavailable",
  "too_much",
  "breaker_open",
  "auth",
  "forbidden",
  "schema",
  "invalid",
  "internal",
] as const;
export const sourceErrorCodeSchema = z.enum(SOURCE_ERRORS);
export type SourceErrorCode = z.infer<typeof sourceErrorCodeSchema>;

export const sourceErrorSchema = z.object({
  code: sourceErrorCodeSchema,
  /** For users; never contains a secret. */
  message: z.string(),
  stream: z.string().nullable(),
  at: z.number().int(),
});
export type SourceErrorInfo = z.infer<typeof sourceErrorSchema>;

/** An account at the vendor that can be read through a connection: an ad account, a portal, a Stripe account. */
export const vendorAccountSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** ISO 4217; null where the vendor has several. */
  currency: z.string().nullable(),
  /** IANA time zone of the vendor's days; null without. */
  timezone: z.string().nullable(),
  /** Whether its streams are read. */
  selected: z.boolean(),
});
export type VendorAccount = z.infer<typeof vendorAccountSchema>;

/** How the driver's streams are read. */
export const STREAM_MODES = ["snapshot", "incremental", "daily"] as const;
export type StreamMode = (typeof STREAM_MODES)[number];

/** Progress of one stream in a run. `done` of `total` are slices of days, or pages where the total is not known. */
export const streamProgressSchema = z.object({
  stream: z.string(),
  status: z.enum(["pending", "running", "rate_limited", "complete", "incomplete"]),
  done: z.number().int(),
  total: z.number().int().nullable(),
  records: z.number().int(),
  /** Epoch ms until which to wait for the vendor's limit. */
  waiting_until: z.number().int().nullable(),
  error: sourceErrorSchema.nullable(),
});
export type StreamProgress = z.infer<typeof streamProgressSchema>;
export const syncProgressSchema = z.array(streamProgressSchema);
export type SyncProgress = z.infer<typeof syncProgressSchema>;

export const syncRunSchema = z.object({
  id: z.string(),
  source_id: z.string(),
  trigger: z.enum(SYNC_TRIGGERS),
  status: z.enum(SYNC_STATUSES),
  started_at: z.number().int(),
  ended_at: z.number().int().nullable(),
  /** New and changed records. */
  records: z.number().int(),
  requests: z.number().int(),
  bytes: z.number().int(),
  /** Rate-limited responses. */
  throttled: z.number().int(),
  progress: syncProgressSchema,
  error: sourceErrorSchema.nullable(),
  next_attempt_at: z.number().int().nullable(),
});
export type SyncRun = z.infer<typeof syncRunSchema>;

/** A limit of the vendor for one account, as counted here or by its headers. */
export const limitUseSchema = z.object({
  name: z.string(),
  /** Share used, 0 to 1. */
  used: z.number(),
  /** Epoch ms when it resets; null when it is free. */
  until: z.number().int().nullable(),
});
export const accountLimitsSchema = z.object({
  account: z.string(),
  breaker: z.enum(["closed", "open", "half_open"]),
  /** Consecutive failures. */
  failures: z.number().int(),
  /** Epoch ms when an open breaker allows one call. */
  opens_until: z.number().int().nullable(),
  limits: z.array(limitUseSchema),
});
export type AccountLimits = z.infer<typeof accountLimitsSchema>;

export const sourceStreamSchema = z.object({
  name: z.string(),
  label: z.string(),
  description: z.string(),
  mode: z.enum(STREAM_MODES),
  primary_key: z.array(z.string()),
  /** Days that are read again at each sync, counted back from today; null for streams that are not daily. */
  restate_days: z.number().int().nullable(),
  /** Everything up to this epoch ms is read, of every selected account. */
  complete_until: z.number().int().nullable(),
  /** Oldest day that is read, `YYYY-MM-DD`. */
  read_from: z.string().nullable(),
  rows: z.number().int(),
});
export type SourceStream = z.infer<typeof sourceStreamSchema>;

export const sourceSchema = z.object({
  id: z.string(),
  project_id: z.string(),
  driver: driverNameSchema,
  name: z.string(),
  settings: z.record(z.string(), z.json()),
  accounts: z.array(vendorAccountSchema),
  status: sourceStatusSchema,
  error: sourceErrorSchema.nullable(),
  interval_minutes: z.number().int(),
  next_sync_at: z.number().int().nullable(),
  /** The running sync. */
  running: z.string().nullable(),
  synced_at: z.number().int().nullable(),
  /** When the user has to connect again at the latest; null when never. */
  access_expires_at: z.number().int().nullable(),
  /** Share of quality checks that passed, 0 to 1; null before the first. */
  quality: z.number().nullable(),
  created_at: z.number().int(),
});
export type Source = z.infer<typeof sourceSchema>;
export const sourceListSchema = z.object({ data: z.array(sourceSchema) });
export const sourceDetailSchema = sourceSchema.extend({
  streams: z.array(sourceStreamSchema),
  limits: z.array(accountLimitsSchema),
});
export type SourceDetail = z.infer<typeof sourceDetailSchema>;

export const sourceNewSchema = strict({
  driver: driverNameSchema,
  name: z.string().trim().min(1).max(120).optional(),
  settings: boundedRecord(z.string().max(64), z.json(), 100).default({}),
  /** For drivers that are connected by keys: the fields in the driver's `auth`. Never returned. */
  keys: boundedRecord(z.string().max(64), z.string().max(4000), 20).optional(),
});
export const sourceUpdateSchema = strict({
  name: sourceNewSchema.shape.name,
  settings: sourceNewSchema.shape.settings.removeDefault().optional(),
  keys: sourceNewSchema.shape.keys,
  /** Ids of the accounts to read; records of the others are preserved. */
  accounts: z.array(z.string().max(128)).max(1000).optional(),
  interval_minutes: z.number().int().min(15).max(1440).optional(),
  paused: z.boolean().optional(),
});

/** A setting or key as a form field. */
export const sourceFieldSchema = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string(),
  kind: z.enum(["text", "url", "secret", "number", "choice"]),
  choices: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  required: z.boolean(),
  placeholder: z.string().optional(),
});
export type SourceField = z.infer<typeof sourceFieldSchema>;

/** Returns the drivers that can be connected. */
export const sourceDriverSchema = z.object({
  name: driverNameSchema,
  label: z.string(),
  category: z.enum(["ads", "crm", "billing", "generic"]),
  description: z.string(),
  auth: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("oauth"),
      scopes: z.array(z.string()),
      /** Whether the deployment has a client id and secret for it. */
      configured: z.boolean(),
      /** Key fields that also connect it, without a consent page; empty for none. */
      keys: z.array(sourceFieldSchema),
    }),
    z.object({ kind: z.literal("keys"), keys: z.array(sourceFieldSchema) }),
    z.object({ kind: z.literal("none") }),
  ]),
  settings: z.array(sourceFieldSchema),
  badge: vendorBadgeSchema,
  /** Version of the vendor's API that the driver uses. */
  version: z.string().nullable(),
  /** Last day of that version, `YYYY-MM-DD`; null when not announced. */
  sunset: z.string().nullable(),
  streams: z.array(sourceStreamSchema.pick({ name: true, label: true, description: true })),
});
export type SourceDriver = z.infer<typeof sourceDriverSchema>;
export const sourceDriverListSchema = z.object({ data: z.array(sourceDriverSchema) });

/** Response of `POST …/connect`: the URL to open. */
export const consentSchema = z.object({ url: z.string() });
export const syncRunListSchema = z.object({
  data: z.array(syncRunSchema),
  next_cursor: z.string().nullable(),
});

/** The result of a check. */
export const qualityResultSchema = z.object({
  source_id: z.string(),
  name: z.string(),
  label: z.string(),
  checked_at: z.number().int(),
  outcome: z.enum(["passed", "failed", "unknown"]),
  score: z.number(),
  /** One sentence. */
  summary: z.string(),
  detail: z.record(z.string(), z.json()),
});
export type QualityResult = z.infer<typeof qualityResultSchema>;
export const qualitySchema = z.object({
  /** Newest result of each check. */
  latest: z.array(qualityResultSchema),
  /** Score of each day, oldest first. */
  days: z.array(z.object({ day: z.string(), score: z.number(), failed: z.number().int() })),
});
export type Quality = z.infer<typeof qualitySchema>;

/** Data quality of each source of a project. */
export const qualityOverviewSchema = z.object({
  data: z.array(
    z.object({
      source_id: z.string(),
      name: z.string(),
      /** Share of checks that passed, 0 to 1; null before the first. */
      score: z.number().nullable(),
      passed: z.number().int(),
      failed: z.number().int(),
      unknown: z.number().int(),
      /** Epoch ms of the newest result; null before the first. */
      checked_at: z.number().int().nullable(),
    }),
  ),
});
export type QualityOverview = z.infer<typeof qualityOverviewSchema>;
