/**
 * Tables of the control database for notifications. Times are epoch ms.
 * @module
 */
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { projects } from "./control";

const project = () =>
  text("project_id")
    .notNull()
    .references(() => projects.id, { onDelete: "cascade" });

/** Notices that the app shows to the people of a project. */
export const notices = sqliteTable(
  "notices",
  {
    id: text("id").primaryKey(),
    project_id: project(),
    /** Identifies the condition: while a notice with the key is open, no other is raised. */
    key: text("key").notNull(),
    severity: text("severity", { enum: ["info", "warning", "problem"] }).notNull(),
    title: text("title").notNull(),
    body: text("body").notNull(),
    /** Path within the app. */
    link: text("link").notNull(),
    raised_at: integer("raised_at").notNull(),
    resolved_at: integer("resolved_at"),
  },
  (t) => [index("notices_by_project").on(t.project_id, t.raised_at)],
);

/** Recipients of a project's notifications; defaults apply to a project without a row. */
export const notifySettings = sqliteTable("notify_settings", {
  project_id: project().primaryKey(),
  /** JSON array of user ids, members of the organization; null for all admins and owners. */
  people: text("people"),
  /** Day, `YYYY-MM-DD` in the project's zone, whose summary has been sent. */
  summary_day: text("summary_day"),
});

/** Configured notification channels of a project. */
export const notifyChannels = sqliteTable(
  "notify_channels",
  {
    project_id: project(),
    /** Name in the registry of channels. */
    channel: text("channel").notNull(),
    /** Encrypted JSON, e.g. the URL of a webhook. Never leaves the Worker. */
    config: text("config").notNull(),
    /** Id of the key that encrypted it. */
    config_key: text("config_key").notNull(),
  },
  (t) => [primaryKey({ columns: [t.project_id, t.channel] })],
);
