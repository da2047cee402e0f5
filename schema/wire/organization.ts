/**
 * Organizations: what owns projects, metrics and dashboards; who belongs to them and what their role lets them do.
 * @module
 */
import { z } from "zod";

/** From least to most: each role may do what those before it may. */
export const ROLES = ["viewer", "editor", "admin", "owner"] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** Days until an invitation is over. */
export const INVITATION_DAYS = 7;

/** Most organizations that an account may belong to by making them. */
export const MAX_ORGANIZATIONS = 50;
/** Most invitations that an organization may have open. */
export const MAX_INVITATIONS = 100;

/** An organization as its member sees it; `role` is theirs. */
export const organizationSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
});
export type Organization = z.infer<typeof organizationSchema>;
/** With how many belong to it. */
export const organizationDetailSchema = organizationSchema.extend({
  members: z.number().int(),
  projects: z.number().int(),
  created_at: z.number().int(),
});
export type OrganizationDetail = z.infer<typeof organizationDetailSchema>;
/** No control characters: the name stands in the subject of e-mails. */
export const organizationCreateSchema = z.object({
  name: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .regex(/^\P{Cc}*$/u, "One line of text"),
});
export const organizationUpdateSchema = organizationCreateSchema.partial();

export const memberSchema = z.object({
  user_id: z.string(),
  name: z.string(),
  email: z.string(),
  role: roleSchema,
  created_at: z.number().int(),
});
export type Member = z.infer<typeof memberSchema>;
export const memberUpdateSchema = z.object({ role: roleSchema });

export const invitationCreateSchema = z.object({
  email: z.email().max(254).toLowerCase(),
  role: roleSchema.exclude(["owner"]),
});
export const invitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  role: roleSchema,
  /** Name of who invited. */
  invited_by: z.string(),
  created_at: z.number().int(),
  expires_at: z.number().int(),
});
export type Invitation = z.infer<typeof invitationSchema>;
/** `link` is null when the e-mail went out, and otherwise to be passed on by hand; it is shown this once. */
export const invitationCreatedSchema = invitationSchema.extend({ link: z.string().nullable() });
/** What the person who follows the link of the e-mail sees before accepting. */
export const invitationViewSchema = z.object({
  organization: z.object({ id: z.string(), name: z.string() }),
  email: z.string(),
  role: roleSchema,
  invited_by: z.string(),
  expires_at: z.number().int(),
});
export type InvitationView = z.infer<typeof invitationViewSchema>;
