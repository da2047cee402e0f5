/**
 * What gives access to an organization beside its members' pages, as its owners see it.
 * @module
 */
import { z } from "zod";
import { tokenSchema } from "./account";
import { sharingSchema } from "./metric";
import { invitationSchema, memberSchema } from "./organization";
import { sourceStatusSchema } from "./source";

const personSchema = z.object({ user_id: z.string(), name: z.string() });

/** A public link. `works` is false once it has expired or its maker may no longer make it. */
export const organizationLinkSchema = z.object({
  id: z.string(),
  name: z.string(),
  project_id: z.string(),
  dashboard: z.object({ id: z.string(), name: z.string(), sharing: sharingSchema }),
  made_by: personSchema,
  has_password: z.boolean(),
  works: z.boolean(),
  created_at: z.number().int(),
  expires_at: z.number().int().nullable(),
});
export type OrganizationLink = z.infer<typeof organizationLinkSchema>;

export const memberTokenSchema = tokenSchema.extend({ made_by: personSchema });
export type MemberToken = z.infer<typeof memberTokenSchema>;

/** A member with the open sign-in sessions of their account. */
export const memberSignInsSchema = memberSchema.omit({ created_at: true }).extend({
  sessions: z.number().int(),
  /** When one was last opened or extended; null without one. */
  last_used_at: z.number().int().nullable(),
});
export type MemberSignIns = z.infer<typeof memberSignInsSchema>;

export const accessListSchema = z.object({
  links: z.array(organizationLinkSchema),
  tokens: z.array(memberTokenSchema),
  invitations: z.array(invitationSchema),
  sources: z.array(
    z.object({
      id: z.string(),
      project_id: z.string(),
      driver: z.string(),
      name: z.string(),
      status: sourceStatusSchema,
      made_by: personSchema,
      created_at: z.number().int(),
    }),
  ),
  members: z.array(memberSignInsSchema),
});
