/**
 * Who calls, their sessions and organizations, in the control database: always at the primary, one query each.
 * @module
 */
import type { AuthSession, User } from "../../../schema/wire/account";
import type { Organization } from "../../../schema/wire/organization";
import type { Roles } from "./role";

/** An open session with its user. `token` is the cookie's secret. */
export interface Session {
  id: string;
  token: string;
  user: User;
}

/** Who a session or token speaks for. */
export interface Identity {
  user_id: string;
  roles: Roles;
}

/** Column `roles`: JSON of `Roles`, of the user that the statement calls `o.user_id`. */
export const ROLES_COLUMN = `(SELECT json_group_object(m.organization_id, m.role) FROM members m
  WHERE m.user_id = o.user_id) AS roles`;

/** The identity behind an open session, found by the cookie's token or by its id. */
export async function identityOfSession(
  control: D1Database,
  by: { token: string } | { id: string },
  now: number,
): Promise<(Identity & { session_id: string }) | null> {
  const [column, value] = "token" in by ? ["token", by.token] : ["id", by.id];
  const row = await control
    .prepare(
      `SELECT o.id AS session_id, o.user_id, ${ROLES_COLUMN} FROM auth_sessions o
       WHERE o.${column} = ?1 AND o.expires_at > ?2`,
    )
    .bind(value, now)
    .first<{ session_id: string; user_id: string; roles: string }>();
  return row && { ...row, roles: JSON.parse(row.roles) };
}

interface SessionRow {
  id: string;
  token: string;
  user_id: string;
  email: string;
  name: string;
  email_verified: number;
  created_at: number;
}

const SESSION = `SELECT s.id, s.token, u.id AS user_id, u.email, u.name, u.email_verified, u.created_at
  FROM auth_sessions s JOIN users u ON u.id = s.user_id`;

function toSession(row: SessionRow): Session {
  const { id, token, user_id, email_verified, ...user } = row;
  return { id, token, user: { ...user, id: user_id, email_verified: email_verified === 1 } };
}

/** The open session of a token. */
export async function findSessionByToken(
  control: D1Database,
  token: string,
  now: number,
): Promise<Session | null> {
  const row = await control
    .prepare(`${SESSION} WHERE s.token = ?1 AND s.expires_at > ?2`)
    .bind(token, now)
    .first<SessionRow>();
  return row && toSession(row);
}

/** Moves an open session's end to `until` and answers it; null when it is over. */
export async function extendSession(
  control: D1Database,
  id: string,
  until: number,
  now: number,
): Promise<Session | null> {
  const [, found] = await control.batch<SessionRow>([
    control
      .prepare("UPDATE auth_sessions SET expires_at = ?2, updated_at = ?3 WHERE id = ?1 AND expires_at > ?3")
      .bind(id, until, now),
    control.prepare(`${SESSION} WHERE s.id = ?1 AND s.expires_at > ?2`).bind(id, now),
  ]);
  const row = found?.results[0];
  return row ? toSession(row) : null;
}

/** Open sessions of a user, newest first. */
export async function listSessions(
  control: D1Database,
  user: string,
  current: string | null,
  now: number,
): Promise<AuthSession[]> {
  const { results } = await control
    .prepare(
      `SELECT id, nullif(user_agent, '') AS user_agent, created_at, expires_at FROM auth_sessions
       WHERE user_id = ?1 AND expires_at > ?2 ORDER BY created_at DESC`,
    )
    .bind(user, now)
    .all<Omit<AuthSession, "current">>();
  return results.map((row) => ({ ...row, current: row.id === current }));
}

/** Ends a session of the user; false when it is not theirs or over already. */
export async function endSession(control: D1Database, user: string, id: string): Promise<boolean> {
  const { meta } = await control
    .prepare("DELETE FROM auth_sessions WHERE id = ?1 AND user_id = ?2")
    .bind(id, user)
    .run();
  return meta.changes > 0;
}

/** Forgets a user's sessions that are over. */
export async function dropExpiredSessions(control: D1Database, user: string, now: number): Promise<void> {
  await control
    .prepare("DELETE FROM auth_sessions WHERE user_id = ?1 AND expires_at <= ?2")
    .bind(user, now)
    .run();
}

/** The user and their organizations; null when there is no such user. */
export async function readMe(
  control: D1Database,
  id: string,
): Promise<{ user: User; organizations: Organization[] } | null> {
  const [users, organizations] = await control.batch([
    control.prepare("SELECT id, email, name, email_verified, created_at FROM users WHERE id = ?1").bind(id),
    control
      .prepare(
        `SELECT g.id, g.name, m.role FROM members m JOIN organizations g ON g.id = m.organization_id
         WHERE m.user_id = ?1 ORDER BY g.created_at`,
      )
      .bind(id),
  ]);
  const user = (users as D1Result<Omit<User, "email_verified"> & { email_verified: number }>).results[0];
  if (!user) return null;
  return {
    user: { ...user, email_verified: user.email_verified === 1 },
    organizations: (organizations as D1Result<Organization>).results,
  };
}

/** Whether an account has this address, in lower case. */
export async function emailExists(control: D1Database, email: string): Promise<boolean> {
  return (await control.prepare("SELECT 1 FROM users WHERE email = ?1").bind(email).first()) !== null;
}
