/**
 * A shard's database: what the pipeline writes. `applied_<day>` tables are created and dropped by day and are therefore
 * not here (see worker/pipeline/commits). Tables are WITHOUT ROWID with a primary key only, because D1 bills one more
 * written row for every index changed (D1 › Platform › Pricing).
 * @module
 */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * One row per committed delivery. `projects` = JSON `{project_id: [rows, min_timestamp, max_timestamp, own_ids]}`; rows
 * of an event that counts already are removed later and remain in this count.
 */
export const commits = sqliteTable("commits", {
  seq: integer("seq").primaryKey({ autoIncrement: true }),
  /** Id of the segment of dataset `events` (and `dropped`) that this commit made; null when it had no rows. */
  segment: text("segment"),
  committed_at: integer("committed_at").notNull(),
  /** Largest `received_at` of the delivery. */
  received_until: integer("received_until").notNull(),
  projects: text("projects").notNull(),
  /** JSON `{project_id: {reason: count}}` of events excluded from the statistics. */
  drops: text("drops").notNull(),
});
export type CommitRow = typeof commits.$inferSelect;

/** The manifest: the files that make up the lake. */
export const segments = sqliteTable(
  "segments",
  {
    /** ULID; the object is `shard=<n>/lake/v1/<dataset>/log/<level>-<id>.parquet`. */
    id: text("id").notNull(),
    dataset: text("dataset").notNull(),
    level: integer("level").notNull(),
    rows: integer("rows").notNull(),
    bytes: integer("bytes").notNull(),
    min_time: integer("min_time").notNull(),
    max_time: integer("max_time").notNull(),
    /** JSON `{project_id: [first_row, rows, min_time, max_time]}`; rows are sorted by project, then time. */
    projects: text("projects").notNull(),
    /** Commit that made it, or the largest of its inputs; 0 for datasets without commits. */
    seq: integer("seq").notNull(),
    created_at: integer("created_at").notNull(),
    /** Set when merged away; the object is deleted an hour later. */
    dead_at: integer("dead_at"),
  },
  (t) => [
    primaryKey({ columns: [t.dataset, t.id] }),
    // Merged segments stay for an hour: readers of the manifest do not scan them.
    index("segments_live").on(t.dataset, t.seq).where(sql`dead_at IS NULL`),
  ],
);
export type SegmentRow = typeof segments.$inferSelect;

/** How far each project has been folded. Created with the project; a fold's guard compares `seq` and `epoch`. */
export const foldState = sqliteTable(
  "fold_state",
  {
    project: text("project").primaryKey(),
    seq: integer("seq").notNull().default(0),
    /** Raised by everything that rewrites folded data: derive, rebuild, erase, zone change, deletion. */
    epoch: integer("epoch").notNull().default(0),
    /** IANA time zone of the buckets of the current generation. */
    timezone: text("timezone").notNull().default("UTC"),
    /** Everything accepted before this epoch ms is folded. Never goes back. */
    complete_until: integer("complete_until"),
    /** Timestamp of the earliest event folded. */
    first_event_at: integer("first_event_at"),
    /** Days that end before this epoch ms are sealed. */
    sealed_until: integer("sealed_until").notNull().default(0),
    /** 1 once an event came whose id its sender chose: only then can ids be repeated. */
    own_ids: integer("own_ids").notNull().default(1),
    /** Generation of derived rows that questions read (generation.ts). */
    generation: integer("generation").notNull().default(0),
    /** The newest generation: while the time zone changes, the one that is built. */
    last_generation: integer("last_generation").notNull().default(0),
    /** IANA time zone of the generation that is built; null unless the time zone changes. */
    next_timezone: text("next_timezone"),
    /** Start of the change, epoch ms. */
    next_since: integer("next_since").notNull().default(0),
    /** Days that the change derives. */
    next_days: integer("next_days").notNull().default(0),
  },
  (t) => [index("fold_state_changing").on(t.project).where(sql`next_timezone IS NOT NULL`)],
);
export type FoldStateRow = typeof foldState.$inferSelect;

/** Generations that are not current any more, until their rows are deleted. */
export const retiredGenerations = sqliteTable(
  "retired_generations",
  {
    project: text("project").notNull(),
    generation: integer("generation").notNull(),
    timezone: text("timezone").notNull(),
    retired_at: integer("retired_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.project, t.generation] })],
);
export type RetiredGenerationRow = typeof retiredGenerations.$inferSelect;

const rollupColumns = {
  /** Key of the generation (`rowsKey`), as in the tables of open sessions and of days. */
  project: text("project").notNull(),
  /** `hour` or `day` */
  grain: text("grain").notNull(),
  dimension: text("dimension").notNull(),
  /** Start of the bucket in the project's zone, epoch ms UTC. */
  bucket: integer("bucket").notNull(),
  /** 1 when the bucket can no longer change by folding: tails folded into `(other)`, anonymous sets counted. */
  sealed: integer("sealed").notNull().default(0),
  body: text("body").notNull(),
};

/**
 * Packed rollups: one row contains all values of a dimension in one bucket, or (dimension `*`) all small dimensions of
 * the bucket. `body` is encoded by
 * worker/pipeline/rollup.
 */
export const rollups = sqliteTable("rollups", rollupColumns, (t) => [
  primaryKey({ columns: [t.project, t.grain, t.dimension, t.bucket] }),
]);
export type StoredRollupRow = typeof rollups.$inferSelect;

/** Rows of a derivation that is not finished and does not fit into memory. */
export const derivedRollups = sqliteTable("derived_rollups", rollupColumns, (t) => [
  primaryKey({ columns: [t.project, t.grain, t.dimension, t.bucket] }),
]);

/**
 * Sessions that can still change, packed; one on a later page replaces its version on earlier ones
 * (worker/pipeline/fold/pages.ts).
 */
export const openSessions = sqliteTable(
  "open_sessions",
  { project: text("project").notNull(), page: integer("page").notNull(), body: text("body").notNull() },
  (t) => [primaryKey({ columns: [t.project, t.page] })],
);

/** Days whose rollups must be derived again from the lake. `day` = bucket start, epoch ms UTC. */
export const dirtyDays = sqliteTable(
  "dirty_days",
  {
    project: text("project").notNull(),
    day: integer("day").notNull(),
    since: integer("since").notNull(),
    /** Derivations that failed. */
    failures: integer("failures").notNull().default(0),
    /** Epoch ms before which it is not tried again. */
    retry_at: integer("retry_at").notNull().default(0),
    /** Message of the last failure. */
    error: text("error"),
  },
  (t) => [primaryKey({ columns: [t.project, t.day] })],
);
export type DirtyDayRow = typeof dirtyDays.$inferSelect;

/** Sealed sessions and rollups of a day of a generation with an older epoch than this are invalid. */
export const derivedDays = sqliteTable(
  "derived_days",
  {
    project: text("project").notNull(),
    day: integer("day").notNull(),
    epoch: integer("epoch").notNull(),
    derived_at: integer("derived_at").notNull(),
    /** Events read: the delay of the next derivation is proportional to it. */
    events: integer("events").notNull(),
    /** Derivations with less than a day between them before this one: the delay grows with it. */
    repeats: integer("repeats").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.project, t.day] })],
);
export type DerivedDayRow = typeof derivedDays.$inferSelect;

/** Deleted projects, until the lake has no row of them and none can come from the queue any more. */
export const deletedProjects = sqliteTable("deleted_projects", {
  project: text("project").primaryKey(),
  deleted_at: integer("deleted_at").notNull(),
});

/** People named by an identify event, with the first time it happened. */
export const people = sqliteTable(
  "people",
  {
    project: text("project").notNull(),
    distinct_id: text("distinct_id").notNull(),
    identified_at: integer("identified_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.project, t.distinct_id] })],
);
export type PersonRow = typeof people.$inferSelect;

/** Counts of dropped events per UTC day, retained 30 days. */
export const drops = sqliteTable(
  "drops",
  {
    project: text("project").notNull(),
    day: integer("day").notNull(),
    reason: text("reason").notNull(),
    count: integer("count").notNull(),
  },
  (t) => [primaryKey({ columns: [t.project, t.day, t.reason] })],
);

/** Messages that could not be applied, with the reason, until replayed or deleted. */
export const deadLetters = sqliteTable(
  "dead_letters",
  {
    id: text("id").primaryKey(),
    project: text("project"),
    key: text("key"),
    reason: text("reason").notNull(),
    body: text("body").notNull(),
    attempts: integer("attempts").notNull(),
    failed_at: integer("failed_at").notNull(),
    replayed_at: integer("replayed_at"),
  },
  (t) => [index("dead_letters_by_project").on(t.project, t.failed_at)],
);
export type DeadLetterRow = typeof deadLetters.$inferSelect;

/** Projects that are watched: the consumer pushes their events to the room. */
export const watches = sqliteTable("watches", {
  project: text("project").primaryKey(),
  until: integer("until").notNull(),
  keep_1_in: integer("keep_1_in").notNull().default(1),
});
export type WatchRow = typeof watches.$inferSelect;

/** How far each stream of a source has been read, and its current generation. */
export const sourceStreams = sqliteTable(
  "source_streams",
  {
    project: text("project").notNull(),
    source: text("source").notNull(),
    stream: text("stream").notNull(),
    /** The vendor's account of the stream. */
    account: text("account").notNull(),
    /** Raised by one at each commit: a commit that expects another version changes nothing. */
    version: integer("version").notNull(),
    /** Current generation, which readers see. */
    generation: integer("generation").notNull(),
    /** Generation that a re-sync builds meanwhile; null without a re-sync. */
    building: integer("building"),
    /** JSON of worker/sources: cursor or slices of the generation that is being written. */
    state: text("state").notNull(),
    /** Everything up to this epoch ms has been read, in the current generation; null before the first read. */
    complete_until: integer("complete_until"),
    updated_at: integer("updated_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.project, t.source, t.stream, t.account] })],
);

/** Latest state of the records of streams whose records have ids: campaigns, contacts, invoices. */
export const sourceRecords = sqliteTable(
  "source_records",
  {
    project: text("project").notNull(),
    source: text("source").notNull(),
    stream: text("stream").notNull(),
    account: text("account").notNull(),
    generation: integer("generation").notNull(),
    key: text("key").notNull(),
    body: text("body").notNull(),
    changed_at: integer("changed_at").notNull(),
    /** Set when the vendor reports, or a full read shows, that it was removed. */
    removed_at: integer("removed_at"),
  },
  (t) => [primaryKey({ columns: [t.project, t.source, t.stream, t.account, t.generation, t.key] })],
);

/** Records of daily streams: a page contains all records of a day, and is replaced as a whole. */
export const sourcePages = sqliteTable(
  "source_pages",
  {
    project: text("project").notNull(),
    source: text("source").notNull(),
    stream: text("stream").notNull(),
    account: text("account").notNull(),
    generation: integer("generation").notNull(),
    /** `YYYY-MM-DD` in the account's time zone. */
    day: text("day").notNull(),
    /** Large days have several parts, from 0. */
    part: integer("part").notNull(),
    /** JSON array of records. */
    body: text("body").notNull(),
    rows: integer("rows").notNull(),
    changed_at: integer("changed_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.project, t.source, t.stream, t.account, t.generation, t.day, t.part] })],
);

/** Records that were read and are not in the marts yet. */
export const dirtyRecords = sqliteTable(
  "dirty_records",
  {
    project: text("project").notNull(),
    source: text("source").notNull(),
    stream: text("stream").notNull(),
    /** `YYYY-MM` of daily streams, else empty. */
    month: text("month").notNull(),
    /** Raised at each change, so that a change during a build is not considered built. */
    change: integer("change").notNull(),
  },
  (t) => [primaryKey({ columns: [t.project, t.source, t.stream, t.month] })],
);

/** The marts: tables of a project built from its sources' records, in partitions that are replaced as a whole. */
export const marts = sqliteTable(
  "marts",
  {
    project: text("project").notNull(),
    /** Dataset of the lake. */
    dataset: text("dataset").notNull(),
    /** `<source>` or `<source>/<YYYY-MM>`; empty for the state of the mart itself. */
    partition: text("partition").notNull(),
    /** Id of the segment; null for a partition without rows. */
    segment: text("segment"),
    /** For the mart itself: all records that vendors had reported until then are included. */
    complete_until: integer("complete_until"),
    /** Its inputs besides records: models, currency, rates. When they differ it is built again. */
    basis: text("basis").notNull().default(""),
    /** Increases with each build. */
    built_at: integer("built_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.project, t.dataset, t.partition] })],
);
