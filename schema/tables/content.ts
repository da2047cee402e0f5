/**
 * Tables of the control database for shared content: metrics, dashboards, comments, annotations, links,
 * activity, invitations. Times are epoch ms. Bodies that only zod reads are JSON.
 * @module
 */
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { DashboardContent } from "../wire/dashboard.ts";
import type { ActivityKind, Annotation } from "../wire/discussion.ts";
import type { Link } from "../wire/link.ts";
import type { MetricDefinition, Sharing, Unit } from "../wire/metric.ts";
import type { Role } from "../wire/organization.ts";
import { organizations, projects, users } from "./control";

const organization = () =>
  text("organization_id")
    .notNull()
    .references(() => organizations.id, { onDelete: "cascade" });
const project = () =>
  text("project_id")
    .notNull()
    .references(() => projects.id, { onDelete: "cascade" });
const person = (name: string) =>
  text(name)
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

/** Invitations that are neither used nor withdrawn. The token of the e-mail's link is stored as its SHA-256. */
export const invitations = sqliteTable(
  "invitations",
  {
    id: text("id").primaryKey(),
    organization_id: organization(),
    /** Lower case. */
    email: text("email").notNull(),
    role: text("role").$type<Exclude<Role, "owner">>().notNull(),
    hash: text("hash").notNull().unique(),
    /** Whether the link went to the address alone, so that who has it reads that mailbox; false when the inviter has it. */
    by_mail: integer("by_mail", { mode: "boolean" }).notNull().default(false),
    invited_by: person("invited_by"),
    created_at: integer("created_at").notNull(),
    expires_at: integer("expires_at").notNull(),
  },
  (t) => [uniqueIndex("invitations_by_email").on(t.organization_id, t.email)],
);

/**
 * Defined metrics. A name is unique in the organization and in each person's private metrics, so that a refusal does not
 * reveal another person's metrics.
 */
export const metrics = sqliteTable(
  "metrics",
  {
    id: text("id").primaryKey(),
    organization_id: organization(),
    name: text("name").notNull(),
    definition: text("definition", { mode: "json" }).$type<MetricDefinition>().notNull(),
    /** Names of the defined metrics in the rule. */
    mentions: text("mentions", { mode: "json" }).$type<string[]>().notNull(),
    /** Unit of the rule. */
    unit: text("unit").$type<Unit>().notNull(),
    sharing: text("sharing").$type<Sharing>().notNull(),
    verified: integer("verified", { mode: "boolean" }).notNull().default(false),
    created_by: text("created_by").notNull(),
    version: integer("version").notNull().default(1),
    created_at: integer("created_at").notNull(),
    updated_at: integer("updated_at").notNull(),
  },
  (t) => [
    uniqueIndex("metrics_by_name").on(
      t.organization_id,
      t.name,
      sql`CASE WHEN ${t.sharing} = 'private' THEN ${t.created_by} ELSE '' END`,
    ),
  ],
);

/** Dashboards. */
export const dashboards = sqliteTable(
  "dashboards",
  {
    id: text("id").primaryKey(),
    project_id: project(),
    /** Its name in files: unique in the project, set when first shared, null while private. */
    slug: text("slug"),
    name: text("name").notNull(),
    content: text("content", { mode: "json" }).$type<DashboardContent>().notNull(),
    /** Names of the defined metrics that its widgets use. */
    mentions: text("mentions", { mode: "json" }).$type<string[]>().notNull(),
    sharing: text("sharing").$type<Sharing>().notNull(),
    created_by: text("created_by").notNull(),
    version: integer("version").notNull().default(1),
    created_at: integer("created_at").notNull(),
    updated_at: integer("updated_at").notNull(),
  },
  (t) => [
    index("dashboards_by_project").on(t.project_id, t.updated_at),
    uniqueIndex("dashboards_by_slug").on(t.project_id, t.slug),
  ],
);

/** Comments; replies have the id of their thread's first comment. */
export const comments = sqliteTable(
  "comments",
  {
    id: text("id").primaryKey(),
    dashboard_id: text("dashboard_id")
      .notNull()
      .references(() => dashboards.id, { onDelete: "cascade" }),
    widget_id: text("widget_id"),
    at: integer("at"),
    parent_id: text("parent_id"),
    author: text("author").notNull(),
    body: text("body").notNull(),
    /** User ids. */
    mentions: text("mentions", { mode: "json" }).$type<string[]>().notNull(),
    created_at: integer("created_at").notNull(),
    edited_at: integer("edited_at"),
    deleted_at: integer("deleted_at"),
    resolved_at: integer("resolved_at"),
    resolved_by: text("resolved_by"),
  },
  (t) => [index("comments_by_thread").on(t.dashboard_id, t.parent_id, t.created_at)],
);

/** Bodies that an edit replaced. */
export const commentEdits = sqliteTable(
  "comment_edits",
  {
    id: text("id").primaryKey(),
    comment_id: text("comment_id")
      .notNull()
      .references(() => comments.id, { onDelete: "cascade" }),
    body: text("body").notNull(),
    replaced_at: integer("replaced_at").notNull(),
  },
  (t) => [index("comment_edits_by_comment").on(t.comment_id, t.replaced_at)],
);

/** Notes on instants and ranges of time, drawn on every time chart of the project. */
export const annotations = sqliteTable(
  "annotations",
  {
    id: text("id").primaryKey(),
    project_id: project(),
    at: integer("at").notNull(),
    until: integer("until"),
    text: text("text").notNull(),
    kind: text("kind").$type<Annotation["kind"]>().notNull(),
    sharing: text("sharing").$type<Annotation["sharing"]>().notNull(),
    author: text("author").notNull(),
    created_at: integer("created_at").notNull(),
  },
  (t) => [index("annotations_by_time").on(t.project_id, t.at)],
);

/** Public links. Token and password are stored hashed. */
export const links = sqliteTable(
  "links",
  {
    id: text("id").primaryKey(),
    dashboard_id: text("dashboard_id")
      .notNull()
      .references(() => dashboards.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    hash: text("hash").notNull().unique(),
    password: text("password"),
    options: text("options", { mode: "json" })
      .$type<Pick<Link, "range" | "filters" | "embed_in">>()
      .notNull(),
    expires_at: integer("expires_at"),
    revoked_at: integer("revoked_at"),
    created_by: text("created_by").notNull(),
    created_at: integer("created_at").notNull(),
  },
  (t) => [index("links_by_dashboard").on(t.dashboard_id)],
);

/** Activity of people, retained 90 days. `project_id` is null for what concerns the whole organization. */
export const activity = sqliteTable(
  "activity",
  {
    id: text("id").primaryKey(),
    organization_id: organization(),
    project_id: text("project_id"),
    at: integer("at").notNull(),
    user_id: text("user_id").notNull(),
    kind: text("kind").$type<ActivityKind>().notNull(),
    subject: text("subject").notNull(),
    subject_id: text("subject_id").notNull(),
  },
  (t) => [index("activity_by_time").on(t.organization_id, t.at)],
);
