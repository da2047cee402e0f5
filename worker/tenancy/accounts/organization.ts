/**
 * Organizations in the control database.
 * @module
 */
import { and, type Column, eq, isNull, lt, not, or, type SQL } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { ulid } from "ulid";
import { activity, invitations, metrics } from "../../../schema/tables/content";
import { members, organizations, projects } from "../../../schema/tables/control";
import type { User } from "../../../schema/wire/account";
import { MAX_ORGANIZATIONS, type OrganizationDetail } from "../../../schema/wire/organization";
import { epochMs, hasRow, insertWhen } from "../../lib/sql";

/** Id of the personal organization of an account. */
export function personalOrganization(user: string): string {
  return `o${user}`;
}

/**
 * The statements that create the user's personal organization when they belong to none, because registration may have been
 * interrupted. A user who left it or transferred it does not get it back by signing in.
 */
export function makePersonalOrganization(
  db: DrizzleD1Database,
  user: Pick<User, "id" | "name">,
  now: number,
) {
  const id = personalOrganization(user.id);
  const organization = { id, name: user.name, slug: user.id, createdAt: new Date(now) };
  const isMember = eq(members.userId, user.id);
  const isIn = or(isMember, eq(members.organizationId, id));
  return [
    insertWhen(db, organizations, organization, not(hasRow(members, isMember))).onConflictDoNothing(),
    insertWhen(db, members, ownerOf(id, user.id, now), not(hasRow(members, isIn))).onConflictDoNothing(),
  ];
}

/** The membership of the creator of an organization. */
const ownerOf = (organization: string, user: string, now: number): typeof members.$inferInsert => ({
  id: organization,
  organizationId: organization,
  userId: user,
  role: "owner",
  createdAt: new Date(now),
});

/** Creates an organization owned by the user; null when they already belong to `MAX_ORGANIZATIONS`. */
export async function createOrganization(
  control: D1Database,
  user: string,
  name: string,
  now: number,
): Promise<OrganizationDetail | null> {
  const id = `o${ulid(now).toLowerCase()}`;
  const db = drizzle(control);
  const memberships = db.$count(members, eq(members.userId, user));
  const isMade = hasRow(organizations, eq(organizations.id, id));
  const [made] = await db.batch([
    insertWhen(
      db,
      organizations,
      { id, name, slug: id, createdAt: new Date(now) },
      lt(memberships, MAX_ORGANIZATIONS),
    ),
    insertWhen(db, members, ownerOf(id, user, now), isMade),
  ]);
  return made.meta.changes ? { id, name, role: "owner", members: 1, projects: 0, created_at: now } : null;
}

/** The user's organizations that meet the condition, if given. */
function selectOrganizations(control: D1Database, user: string, condition?: SQL) {
  const db = drizzle(control);
  const { id, name, createdAt } = organizations;
  return db
    .select({
      id,
      name,
      role: members.role,
      created_at: epochMs(createdAt),
      members: db.$count(members, eq(members.organizationId, id)),
      projects: db.$count(projects, isProjectOf(id)),
    })
    .from(members)
    .innerJoin(organizations, eq(id, members.organizationId))
    .where(and(eq(members.userId, user), condition))
    .orderBy(createdAt, id);
}

/** Whether a project belongs to the organization and is not deleted. */
const isProjectOf = (organization: string | Column) =>
  and(eq(projects.organization_id, organization), isNull(projects.deleted_at));

/** Organizations of the user, oldest first. */
export async function listOrganizations(control: D1Database, user: string): Promise<OrganizationDetail[]> {
  return selectOrganizations(control, user);
}

/** One organization of the user; null when they are not a member. */
export async function readOrganization(
  control: D1Database,
  user: string,
  id: string,
): Promise<OrganizationDetail | null> {
  return (await selectOrganizations(control, user, eq(organizations.id, id)).get()) ?? null;
}

/** Renames the organization. */
export async function renameOrganization(control: D1Database, id: string, name: string): Promise<void> {
  await drizzle(control).update(organizations).set({ name }).where(eq(organizations.id, id));
}

/**
 * Deletes an organization without projects, with all that belongs to it; false when it has projects. Its row stays,
 * inaccessible, while a deleted project whose data still exists refers to it.
 */
export async function deleteOrganization(control: D1Database, id: string): Promise<boolean> {
  const db = drizzle(control);
  const isUnused = not(hasRow(projects, isProjectOf(id)));
  const isCollected = not(hasRow(projects, eq(projects.organization_id, id)));
  const [removed] = await db.batch([
    db.delete(members).where(and(eq(members.organizationId, id), isUnused)),
    ...[invitations, metrics, activity].map((table) =>
      db.delete(table).where(and(eq(table.organization_id, id), isUnused)),
    ),
    db.delete(organizations).where(and(eq(organizations.id, id), isCollected)),
  ]);
  return removed.meta.changes > 0;
}
