/**
 * Names of people, as the control database knows them now.
 * @module
 */

/** Stands where somebody was who has no account any more. */
export const FORMER = "Former member";

/** A member of an organization who can be written to. */
export interface Member {
  user_id: string;
  name: string;
  email: string;
}

/** Those of `users` who belong to the organization, in the order given. */
export async function membersAmong(
  control: D1Database,
  organization: string,
  users: readonly string[],
): Promise<Member[]> {
  if (users.length === 0) return [];
  const { results } = await control
    .prepare(
      `SELECT u.id AS user_id, u.name, u.email FROM json_each(?2) w
       JOIN members m ON m.user_id = w.value AND m.organization_id = ?1 JOIN users u ON u.id = m.user_id
       ORDER BY w.key`,
    )
    .bind(organization, JSON.stringify(users))
    .all<Member>();
  return results;
}
