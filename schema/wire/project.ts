/**
 * A project: the tenant that owns keys, events and everything made from them.
 * @module
 */
import { z } from "zod";
import { strict } from "./strict";

/** `www.example.com`, `*.example.com` or `localhost:3000`; several separated by commas form the origin allow-list. */
export const domainSchema = z
  .string()
  .trim()
  .max(1024)
  .regex(
    /^(\*\.)?[a-z0-9.-]+(:\d+)?(\s*,\s*(\*\.)?[a-z0-9.-]+(:\d+)?)*$/i,
    "Host names separated by commas, e.g. example.com, *.example.com",
  );

export const timezoneSchema = z
  .string()
  .max(64)
  .refine((zone) => {
    try {
      new Intl.DateTimeFormat("en", { timeZone: zone });
      return true;
    } catch {
      return false;
    }
  }, "An IANA time zone such as Europe/Paris");

export const projectCreateSchema = strict({
  /** An organization in which the caller is at least an editor; default: their own. */
  organization_id: z.string().max(64).optional(),
  name: z.string().trim().min(1).max(120),
  domain: domainSchema.nullish(),
  timezone: timezoneSchema.default("UTC"),
});
export type ProjectCreate = z.input<typeof projectCreateSchema>;

export const projectSettingsSchema = z.object({
  /** Property names that are removed before anything is stored. */
  property_denylist: z.array(z.string().min(1).max(255)).max(200),
  /** Query parameters of page URLs that are stored besides `utm_*`, `ref` and `source`. */
  url_parameters: z.array(z.string().min(1).max(100)).max(50),
  /** Honor `Sec-GPC: 1`. */
  honor_gpc: z.boolean(),
  /** Honor `DNT: 1`. */
  honor_dnt: z.boolean(),
  /** Exclude bots from the statistics. */
  filter_bots: z.boolean(),
  /** ISO 4217: target currency of amounts of sources, at the rate of their day. */
  currency: z.string().regex(/^[A-Z]{3}$/, "Three capital letters, such as EUR"),
});
export type ProjectSettings = z.infer<typeof projectSettingsSchema>;
export const DEFAULT_SETTINGS: ProjectSettings = {
  property_denylist: [],
  url_parameters: [],
  honor_gpc: true,
  honor_dnt: false,
  filter_bots: true,
  currency: "EUR",
};

export const projectUpdateSchema = strict({
  name: projectCreateSchema.shape.name.optional(),
  domain: domainSchema.nullable().optional(),
  timezone: timezoneSchema.optional(),
  settings: strict(projectSettingsSchema.shape).partial().optional(),
});
export type ProjectUpdate = z.infer<typeof projectUpdateSchema>;

/** A change of the reporting time zone that runs in the background. */
export const zoneChangeSchema = z.object({
  /** The new zone. */
  timezone: z.string(),
  /** Days whose numbers have been computed in it, of all that the change computes. */
  days_done: z.number().int(),
  days_total: z.number().int(),
  /** Days among the others that could not be computed; they are tried again, and the change waits for them. */
  failing_days: z.number().int(),
});

export const projectSchema = z.object({
  id: z.string(),
  organization_id: z.string(),
  name: z.string(),
  domain: z.string().nullable(),
  /** The time zone in which numbers are computed; while it changes, the one before. */
  timezone: z.string(),
  /** Null unless the time zone changes. */
  zone_change: zoneChangeSchema.nullable(),
  settings: projectSettingsSchema,
  /** The public write key, which is in the source of every page. */
  api_key: z.string(),
  /** Rotated keys that are still valid. */
  previous_keys: z.array(z.object({ api_key: z.string(), expires_at: z.number().int() })),
  /** Epoch ms of the first event, null before it. */
  first_event_at: z.number().int().nullable(),
  created_at: z.number().int(),
});
export type Project = z.infer<typeof projectSchema>;

/** The part of a project that the ingest path caches in the isolate. */
export interface ProjectConfig {
  id: string;
  /** As set last; rollups may still be in the zone before (`Project.zone_change`). */
  timezone: string;
  domain: string | null;
  settings: ProjectSettings;
}

/**
 * Scopes of personal API tokens. A signed-in session or JWT has all of them for the projects of its organizations;
 * permissions also depend on the user's role. `content` is metrics, dashboards, comments, annotations.
 */
export const SCOPES = [
  "events:write",
  "analytics:read",
  "content:read",
  "content:write",
  "projects:read",
  "projects:write",
] as const;
export const scopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof scopeSchema>;
