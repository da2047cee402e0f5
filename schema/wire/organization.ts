/**
 * Organizations, which own projects, metrics and dashboards; their members, and the roles of members.
 * @module
 */
import { z } from "zod";
import { strict } from "./strict";

/** In ascending order: each role has the permissions of those before it. */
export const ROLES = ["viewer", "editor", "admin", "owner"] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** Validity of an invitation in days. */
export const INVITATION_DAYS = 7;

/** Most organizations of an account before it can create no more. */
export const MAX_ORGANIZATIONS = 50;
/** Most open invitations of an organization. */
export const MAX_INVITATIONS = 100;

/** An organization as returned to its member; `role` is theirs. */
export const organizationSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
});
export type Organization = z.infer<typeof organizationSchema>;
/** With the number of members. */
export const organizationDetailSchema = organizationSchema.extend({
  members: z.number().int(),
  projects: z.number().int(),
  created_at: z.number().int(),
});
export type OrganizationDetail = z.infer<typeof organizationDetailSchema>;
/** No control characters: the name is used in the subject of e-mails. */
export const organizationCreateSchema = strict({
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
export const memberUpdateSchema = strict({ role: roleSchema });

export const invitationCreateSchema = strict({
  email: z.email().max(254).toLowerCase(),
  role: roleSchema.exclude(["owner"]),
});
export const invitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  role: roleSchema,
  /** Name of the user who sent it. */
  invited_by: z.string(),
  /** False once it has expired or its sender may no longer invite. */
  works: z.boolean(),
  created_at: z.number().int(),
  expires_at: z.number().int(),
});
export type Invitation = z.infer<typeof invitationSchema>;
/** `link` is null when the e-mail was sent; otherwise it must be passed on manually. It is returned only once. */
export const invitationCreatedSchema = invitationSchema.extend({ link: z.string().nullable() });
/** The invitation as shown before it is accepted. */
export const invitationViewSchema = z.object({
  organization: z.object({ id: z.string(), name: z.string() }),
  email: z.string(),
  role: roleSchema,
  invited_by: z.string(),
  expires_at: z.number().int(),
});
export type InvitationView = z.infer<typeof invitationViewSchema>;
