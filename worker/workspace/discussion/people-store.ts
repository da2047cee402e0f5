/**
 * Current names of people in the control database.
 * @module
 */
import { and, type Column, eq, type SQL, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { members, users } from "../../../schema/tables/control";

/** Name of a person whose account is deleted. */
const FORMER = "Former member";

/** Returns the name of the joined user; "Former member" when there is none. */
export const nameOf = ({ name }: { name: Column }): SQL<string> => sql<string>`coalesce(${name}, ${FORMER})`;

/** A member of an organization, with the address for e-mail. */
export interface Member {
  user_id: string;
  name: string;
  email: string;
}

/** Returns those of `userIds` who belong to the organization, in the given order. */
export async function membersAmong(
  control: D1Database,
  organization: string,
  userIds: readonly string[],
): Promise<Member[]> {
  if (userIds.length === 0) return [];
  return drizzle(control)
    .select({ user_id: users.id, name: users.name, email: users.email })
    .from(sql`json_each(${JSON.stringify(userIds)}) wanted`)
    .innerJoin(members, and(eq(members.userId, sql`wanted.value`), eq(members.organizationId, organization)))
    .innerJoin(users, eq(users.id, members.userId))
    .orderBy(sql`wanted.key`);
}
