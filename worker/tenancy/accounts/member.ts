/**
 * Members: who belongs to an organization, as what. Every change is one statement that holds the rules itself, so that of
 * two owners who demote each other at once one remains.
 * @module
 */
import type { Member, Role } from "../../../schema/wire/organization";

/** Whose membership is changed, by somebody of which role. */
export interface MemberChange {
  organization: string;
  user: string;
  by: Role;
}

/** Why a change was refused: no such member; only owners may change owners; there must be an owner. */
export type MemberRefusal = "unknown_member" | "owners_only" | "last_owner";

/** Members of an organization: owners first, then by role and name. */
export async function listMembers(control: D1Database, organization: string): Promise<Member[]> {
  const { results } = await control
    .prepare(
      `SELECT m.user_id, u.name, u.email, m.role, m.created_at FROM members m JOIN users u ON u.id = m.user_id
       WHERE m.organization_id = ?1
       ORDER BY CASE m.role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 WHEN 'editor' THEN 2 ELSE 3 END,
         u.name COLLATE NOCASE, m.user_id`,
    )
    .bind(organization)
    .all<Member>();
  return results;
}

/** ?1 organization, ?2 user, ?3 role of who changes: an owner's membership is for owners, and not the last one's. */
const CHANGEABLE = `organization_id = ?1 AND user_id = ?2 AND (role <> 'owner' OR ?3 = 'owner')`;
const NOT_LAST = `(role <> 'owner' OR (SELECT count(*) FROM members o
  WHERE o.organization_id = ?1 AND o.role = 'owner') > 1)`;

/** Gives a member another role; null when done. Only owners make owners. */
export async function changeRole(
  control: D1Database,
  change: MemberChange,
  role: Role,
): Promise<MemberRefusal | null> {
  if (role === "owner" && change.by !== "owner") return "owners_only";
  const { meta } = await control
    .prepare(`UPDATE members SET role = ?4 WHERE ${CHANGEABLE} AND (?4 = 'owner' OR ${NOT_LAST})`)
    .bind(change.organization, change.user, change.by, role)
    .run();
  return meta.changes > 0 ? null : refusalOf(control, change);
}

/** Takes a member out, and withdraws the invitations they sent; null when done. Leaving is removing oneself. */
export async function removeMember(control: D1Database, change: MemberChange): Promise<MemberRefusal | null> {
  const { organization, user, by } = change;
  const [removed] = await control.batch([
    control.prepare(`DELETE FROM members WHERE ${CHANGEABLE} AND ${NOT_LAST}`).bind(organization, user, by),
    control
      .prepare(
        `DELETE FROM invitations WHERE organization_id = ?1 AND invited_by = ?2
         AND NOT EXISTS (SELECT 1 FROM members WHERE organization_id = ?1 AND user_id = ?2)`,
      )
      .bind(organization, user),
  ]);
  return removed?.meta.changes ? null : refusalOf(control, change);
}

/** Why a statement above changed nothing. */
async function refusalOf(
  control: D1Database,
  { organization, user, by }: MemberChange,
): Promise<MemberRefusal> {
  const found = await control
    .prepare("SELECT role FROM members WHERE organization_id = ?1 AND user_id = ?2")
    .bind(organization, user)
    .first<{ role: Role }>();
  if (!found) return "unknown_member";
  return found.role === "owner" && by !== "owner" ? "owners_only" : "last_owner";
}
