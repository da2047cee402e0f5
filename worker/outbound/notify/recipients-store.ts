/**
 * Recipients of a project's notifications, in the control database.
 * @module
 */
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
  const { results } = await control
    .prepare(
      `SELECT u.id AS user_id, u.email FROM projects p JOIN members m ON m.organization_id = p.organization_id
         JOIN users u ON u.id = m.user_id AND u.email_verified = 1
       WHERE p.id = ?1 AND p.deleted_at IS NULL
         AND CASE WHEN ?2 IS NULL THEN m.role IN ('owner', 'admin') ELSE u.id IN (SELECT value FROM json_each(?2)) END
       ORDER BY u.email`,
    )
    .bind(project, people && JSON.stringify(people))
    .all<Recipient>();
  return results;
}

/** Returns those of `people` who are not members of the project's organization. */
export async function nonMembersAmong(
  control: D1Database,
  project: string,
  people: readonly string[],
): Promise<string[]> {
  const { results } = await control
    .prepare(
      `SELECT j.value AS id FROM json_each(?2) j WHERE NOT EXISTS (SELECT 1 FROM projects p
         JOIN members m ON m.organization_id = p.organization_id AND m.user_id = j.value WHERE p.id = ?1)`,
    )
    .bind(project, JSON.stringify(people))
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}
