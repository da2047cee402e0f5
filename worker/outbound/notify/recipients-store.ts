/**
 * Recipients of a project's notifications, in the control database.
 * @module
 */
import { and, eq, inArray, isNull } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { members, projects, users } from "../../../schema/tables/control";
import { inJson } from "../../lib/sql";
import type { Recipient } from "./channels/channel";

/**
 * Returns the members who receive e-mails: of `people` those who are still members, or all admins and owners when it is
 * null. Only confirmed addresses.
 */
export async function readRecipients(
  control: D1Database,
  project: string,
  people: readonly string[] | null,
): Promise<Recipient[]> {
  const receives = people ? inJson(users.id, people) : inArray(members.role, ["owner", "admin"]);
  return drizzle(control)
    .select({ user_id: users.id, email: users.email })
    .from(projects)
    .innerJoin(members, eq(members.organizationId, projects.organization_id))
    .innerJoin(users, and(eq(users.id, members.userId), eq(users.emailVerified, true)))
    .where(and(eq(projects.id, project), isNull(projects.deleted_at), receives))
    .orderBy(users.email);
}

/** Returns those of `people` who are not members of the project's organization. */
export async function nonMembersAmong(
  control: D1Database,
  project: string,
  people: readonly string[],
): Promise<string[]> {
  const rows = await drizzle(control)
    .select({ user_id: members.userId })
    .from(projects)
    .innerJoin(members, eq(members.organizationId, projects.organization_id))
    .where(and(eq(projects.id, project), inJson(members.userId, people)));
  const known = new Set(rows.map(({ user_id }) => user_id));
  return people.filter((id) => !known.has(id));
}
