/**
 * The control database: accounts, organizations, projects, keys, tokens, salts. Times are epoch ms.
 * Keys of the tables that better-auth reads and writes are its own field names; columns are snake_case as
 * everywhere. `organizations` and `members` have the shape of its organization plugin.
 * @module
 */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { Role } from "../wire/organization.ts";
import type { Scope } from "../wire/project.ts";

const time = (name: string) => integer(name, { mode: "timestamp_ms" });

/** People with an account. */
export const users = sqliteTable(
  "users",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    /** Lower case. */
    email: text("email").notNull().unique(),
    emailVerified: integer("email_verified", { mode: "boolean" }).notNull().default(false),
    image: text("image"),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (t) => [index("users_unconfirmed").on(t.createdAt).where(sql`${t.emailVerified} = 0`)],
);

/** A signed-in browser or program. `token` is in the cookie, signed with the deployment's secret. */
export const authSessions = sqliteTable(
  "auth_sessions",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    token: text("token").notNull().unique(),
    expiresAt: time("expires_at").notNull(),
    /** Always empty: addresses are not stored. */
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (t) => [index("auth_sessions_by_user").on(t.userId)],
);

/** A user's means of authentication: a password hash, later a sign-in with another service. */
export const credentials = sqliteTable(
  "credentials",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    accountId: text("account_id").notNull(),
    /** `credential` for a password. */
    providerId: text("provider_id").notNull(),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: time("access_token_expires_at"),
    refreshTokenExpiresAt: time("refresh_token_expires_at"),
    scope: text("scope"),
    password: text("password"),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (t) => [index("credentials_by_user").on(t.userId)],
);

/** Links to choose a new password, one use each: `identifier` is the SHA-256 of the secret, `value` the user's id. */
export const verifications = sqliteTable(
  "verifications",
  {
    id: text("id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: time("expires_at").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
  },
  (t) => [index("verifications_by_identifier").on(t.identifier), index("verifications_by_value").on(t.value)],
);

/** Owners of projects. Every account has a personal one whose slug is the user's id. */
export const organizations = sqliteTable("organizations", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  slug: text("slug").notNull().unique(),
  logo: text("logo"),
  metadata: text("metadata"),
  createdAt: time("created_at").notNull(),
});

/** Members of organizations. */
export const members = sqliteTable(
  "members",
  {
    id: text("id").primaryKey(),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    role: text("role").$type<Role>().notNull(),
    createdAt: time("created_at").notNull(),
  },
  (t) => [uniqueIndex("members_by_user").on(t.userId, t.organizationId)],
);

/** Personal API tokens. Only the SHA-256 of a token is stored. */
export const apiTokens = sqliteTable(
  "api_tokens",
  {
    id: text("id").primaryKey(),
    user_id: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    scopes: text("scopes", { mode: "json" }).$type<Scope[]>().notNull(),
    hash: text("hash").notNull().unique(),
    created_at: integer("created_at").notNull(),
    /** Rounded to the hour. */
    last_used_at: integer("last_used_at"),
  },
  (t) => [index("api_tokens_by_user").on(t.user_id)],
);

/** Organizations that their owners took from a member's token. */
export const tokenExclusions = sqliteTable(
  "token_exclusions",
  {
    token_id: text("token_id")
      .notNull()
      .references(() => apiTokens.id, { onDelete: "cascade" }),
    organization_id: text("organization_id")
      .notNull()
      .references(() => organizations.id, { onDelete: "cascade" }),
    excluded_by: text("excluded_by").notNull(),
    excluded_at: integer("excluded_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.token_id, t.organization_id] })],
);

/** The tenants. */
export const projects = sqliteTable(
  "projects",
  {
    id: text("id").primaryKey(),
    organization_id: text("organization_id")
      .notNull()
      .references(() => organizations.id),
    name: text("name").notNull(),
    /** Origin allow-list as entered; null allows every origin. */
    domain: text("domain"),
    timezone: text("timezone").notNull(),
    /** JSON of `ProjectSettings`, only values that differ from the defaults. */
    settings: text("settings").notNull(),
    /** Number of the shard with its data. */
    shard: integer("shard").notNull().default(0),
    created_at: integer("created_at").notNull(),
    /** Set when deleted: hidden and without ingest from then on; its data is collected later. */
    deleted_at: integer("deleted_at"),
  },
  (t) => [index("projects_by_organization").on(t.organization_id, t.id)],
);

/** Write keys. The one without `expires_at` is current; rotated ones are valid until then. */
export const projectKeys = sqliteTable(
  "project_keys",
  {
    api_key: text("api_key").primaryKey(),
    project: text("project")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    expires_at: integer("expires_at"),
    created_at: integer("created_at").notNull(),
  },
  (t) => [index("project_keys_by_project").on(t.project)],
);

/** Salts of anonymous ids, by local date `YYYY-MM-DD`; destroyed two days later. */
export const salts = sqliteTable("salts", {
  day: text("day").primaryKey(),
  /** 16 random bytes, base64. */
  salt: text("salt").notNull(),
});
