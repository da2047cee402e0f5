/**
 * Organizations in the control database.
 * @module
 */
import { ulid } from "ulid";
import type { User } from "../../../schema/wire/account";
import { MAX_ORGANIZATIONS, type OrganizationDetail } from "../../../schema/wire/organization";

/** Id of the organization that an account gets for itself when it is made. */
export function personalOrganization(user: string): string {
  return `o${user}`;
}

/**
 * Makes the user's own organization when they belong to none: registration may have died before it came to that. Somebody
 * who left it, or gave it to others, does not come back into it by signing in.
 */
export async function ensurePersonalOrganization(
  control: D1Database,
  user: Pick<User, "id" | "name">,
  now: number,
): Promise<void> {
  const id = personalOrganization(user.id);
  await control.batch([
    control
      .prepare(
        `INSERT OR IGNORE INTO organizations (id, name, slug, created_at) SELECT ?1, ?2, ?3, ?4
         WHERE NOT EXISTS (SELECT 1 FROM members WHERE user_id = ?3)`,
      )
      .bind(id, user.name, user.id, now),
    control
      .prepare(
        `INSERT OR IGNORE INTO members (id, organization_id, user_id, role, created_at) SELECT ?1, ?1, ?2, 'owner', ?3
         WHERE NOT EXISTS (SELECT 1 FROM members WHERE user_id = ?2 OR organization_id = ?1)`,
      )
      .bind(id, user.id, now),
  ]);
}

/** Makes an organization owned by the user; null when they already belong to `MAX_ORGANIZATIONS`. */
export async function createOrganization(
  control: D1Database,
  user: string,
  name: string,
  now: number,
): Promise<OrganizationDetail | null> {
  const id = `o${ulid(now).toLowerCase()}`;
  const [made] = await control.batch([
    control
      .prepare(
        `INSERT INTO organizations (id, name, slug, created_at) SELECT ?1, ?2, ?1, ?3
         WHERE (SELECT count(*) FROM members WHERE user_id = ?4) < ?5`,
      )
      .bind(id, name, now, user, MAX_ORGANIZATIONS),
    control
      .prepare(
        `INSERT INTO members (id, organization_id, user_id, role, created_at)
         SELECT ?1, id, ?2, 'owner', ?3 FROM organizations WHERE id = ?1`,
      )
      .bind(id, user, now),
  ]);
  return made?.meta.changes ? { id, name, role: "owner", members: 1, projects: 0, created_at: now } : null;
}

const DETAIL = `SELECT g.id, g.name, m.role, g.created_at,
  (SELECT count(*) FROM members n WHERE n.organization_id = g.id) AS members,
  (SELECT count(*) FROM projects p WHERE p.organization_id = g.id AND p.deleted_at IS NULL) AS projects
  FROM members m JOIN organizations g ON g.id = m.organization_id WHERE m.user_id = ?1`;

/** Organizations of the user, oldest first. */
export async function listOrganizations(control: D1Database, user: string): Promise<OrganizationDetail[]> {
  const { results } = await control
    .prepare(`${DETAIL} ORDER BY g.created_at, g.id`)
    .bind(user)
    .all<OrganizationDetail>();
  return results;
}

/** One organization of the user; null when they are no member. */
export function readOrganization(
  control: D1Database,
  user: string,
  id: string,
): Promise<OrganizationDetail | null> {
  return control.prepare(`${DETAIL} AND g.id = ?2`).bind(user, id).first<OrganizationDetail>();
}

/** Gives the organization another name. */
export async function renameOrganization(control: D1Database, id: string, name: string): Promise<void> {
  await control.prepare("UPDATE organizations SET name = ?2 WHERE id = ?1").bind(id, name).run();
}

/**
 * Deletes an organization that has no projects, with all that belongs to it; false when it has some. Its row stays, out of
 * everybody's reach, as long as a deleted project refers to it whose data has yet to be collected.
 */
export async function deleteOrganization(control: D1Database, id: string): Promise<boolean> {
  const unused = "NOT EXISTS (SELECT 1 FROM projects WHERE organization_id = ?1 AND deleted_at IS NULL)";
  const owned = ["members", "invitations", "metrics", "activity"].map((table) =>
    control.prepare(`DELETE FROM ${table} WHERE organization_id = ?1 AND ${unused}`).bind(id),
  );
  const [members] = await control.batch([
    ...owned,
    control
      .prepare(
        `DELETE FROM organizations WHERE id = ?1
         AND NOT EXISTS (SELECT 1 FROM projects WHERE organization_id = ?1)`,
      )
      .bind(id),
  ]);
  return (members?.meta.changes ?? 0) > 0;
}
