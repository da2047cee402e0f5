/**
 * One accepted event as the pipeline carries and stores it. The same names in the queue, Parquet and the API.
 * @module
 */
import { z } from "zod";

/**
 * Why an event is kept out of the numbers. Closed list: names are stored, counted and shown.
 * `invalid`, `origin`, `opt_out` and `rate` are refused at the door and only counted; the others are stored
 * 30 days in the `dropped` dataset and can be taken back in.
 */
export const DROP_REASONS = {
  bot: "The user agent names a crawler, a monitor or a library.",
  webdriver: "The browser says that a program drives it.",
  data_center: "The request came from a data-centre network.",
  spam_referrer: "The referrer is a known source of fake visits.",
  local: "The page ran on localhost or a private address while the project has a domain.",
  opt_out: "Global Privacy Control or Do Not Track asked not to be measured.",
  origin: "The page's origin is not on the project's list.",
  invalid: "The event broke the contract; the sender was told.",
  rate: "The key was over its rate limit; the sender was asked to wait.",
} as const;
export const dropReasonSchema = z.enum(Object.keys(DROP_REASONS) as [DropReason, ...DropReason[]]);
export type DropReason = keyof typeof DROP_REASONS;

/** What the request (or an import's `context`) says about the sender, derived once a message. */
export const contextSchema = z.object({
  country: z.string().nullable(),
  region: z.string().nullable(),
  city: z.string().nullable(),
  browser: z.string().nullable(),
  browser_version: z.string().nullable(),
  os: z.string().nullable(),
  os_version: z.string().nullable(),
  /** `desktop`, `mobile`, `tablet`, `tv`, `console` or null. */
  device: z.string().nullable(),
  user_agent: z.string().nullable(),
  /** SHA-256 of the day's salt and the address, 128 bits as base64url; the address itself is never kept. */
  ip_hash: z.string().nullable(),
  /** The day's anonymous visitor id (salted hash of address, user agent, project), 128 bits as base64url. */
  anonymous_id: z.string(),
  /** The same under yesterday's salt, sent only in the first hour of the project's day so that a session survives midnight. */
  previous_anonymous_id: z.string().nullable(),
});
export type Context = z.infer<typeof contextSchema>;

/** The part of a row that is the event's own. */
export const eventBodySchema = z.object({
  event_id: z.string(),
  event_name: z.string(),
  distinct_id: z.string().nullable(),
  session_id: z.string().nullable(),
  /** Epoch ms UTC. */
  timestamp: z.number().int(),
  clock_skewed: z.boolean(),
  page_url: z.string().nullable(),
  path: z.string().nullable(),
  hostname: z.string().nullable(),
  title: z.string().nullable(),
  referrer: z.string().nullable(),
  /** Display name of the referrer or `utm_source`; null is direct or internal. */
  source: z.string().nullable(),
  /** One of `CHANNELS`. */
  channel: z.string(),
  utm_source: z.string().nullable(),
  utm_medium: z.string().nullable(),
  utm_campaign: z.string().nullable(),
  utm_term: z.string().nullable(),
  utm_content: z.string().nullable(),
  language: z.string().nullable(),
  screen: z.string().nullable(),
  /** JSON object as text, after the project's deny-list; `null` when empty. */
  properties: z.string().nullable(),
});
export type EventBody = z.infer<typeof eventBodySchema>;

/**
 * One row of the lake: `events`, or `dropped` when `drop_reason` is set.
 * `visitor_id` = `distinct_id` when sent, else the day's anonymous id.
 */
export const eventRowSchema = eventBodySchema
  .extend(contextSchema.omit({ anonymous_id: true }).shape)
  .extend({
    project_id: z.string(),
    received_at: z.number().int(),
    visitor_id: z.string(),
    drop_reason: dropReasonSchema.nullable(),
  });
export type EventRow = z.infer<typeof eventRowSchema>;

export const CHANNELS = [
  "Direct",
  "Organic search",
  "Paid search",
  "Organic social",
  "Paid social",
  "AI assistant",
  "Email",
  "Referral",
  "Affiliate",
  "Display",
  "Video",
  "Organic shopping",
  "Paid shopping",
  "SMS",
  "Push",
  "Audio",
  "Paid other",
] as const;
export type Channel = (typeof CHANNELS)[number];
