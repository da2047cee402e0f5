/**
 * Notices, and who is notified.
 * @module
 */
import { z } from "zod";

export const noticeSchema = z.object({
  id: z.string(),
  severity: z.enum(["info", "warning", "problem"]),
  title: z.string(),
  body: z.string(),
  /** Path within the app. */
  link: z.string(),
  raised_at: z.number().int(),
  resolved_at: z.number().int().nullable(),
});
export type Notice = z.infer<typeof noticeSchema>;
export const noticeListSchema = z.object({ data: z.array(noticeSchema) });

/**
 * Who is notified of failed checks, besides notices in the app. Every configurable channel is a further field: `slack` states
 * whether a Slack webhook is configured. Configurations are never returned.
 */
export const notifySettingsSchema = z
  .object({
    /** Ids of members who get e-mails; null for all admins and owners. Only confirmed addresses are used. */
    people: z.array(z.string()).nullable(),
  })
  .catchall(z.unknown());
export type NotifySettings = z.infer<typeof notifySettingsSchema>;

/** Channels have a further field each, e.g. `slack_url`; null removes the configuration. */
export const notifyUpdateSchema = z
  .object({ people: z.array(z.string().max(64)).max(50).nullable().optional() })
  .catchall(z.unknown());
export type NotifyUpdate = z.infer<typeof notifyUpdateSchema>;
