/**
 * Personal API tokens: shown once, kept as a fingerprint.
 * @module
 */
import { ulid } from "ulid";
import { MAX_TOKENS, type Token } from "../../../schema/wire/account";
import type { Scope } from "../../../schema/wire/project";
import { fingerprint, randomSecret } from "../../lib/secret";
import { HOUR_MS } from "../../lib/time";
import { type Identity, ROLES_COLUMN } from "./store";

const PREFIX = "sel_";

/** Whether a bearer value has the shape of a personal token. */
export function isApiToken(bearer: string): boolean {
  return bearer.startsWith(PREFIX);
}

/** Makes a token; null when the user already has `MAX_TOKENS`. */
export async function createToken(
  control: D1Database,
  user: string,
  wanted: { name: string; scopes: Scope[] },
  now: number,
): Promise<{ id: string; token: string } | null> {
  const id = ulid(now).toLowerCase();
  const token = PREFIX + randomSecret(32);
  const { meta } = await control
    .prepare(
      `INSERT INTO api_tokens (id, user_id, name, scopes, hash, created_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6
       WHERE (SELECT count(*) FROM api_tokens WHERE user_id = ?2) < ?7`,
    )
    .bind(id, user, wanted.name, JSON.stringify(wanted.scopes), await fingerprint(token), now, MAX_TOKENS)
    .run();
  return meta.changes > 0 ? { id, token } : null;
}

/** The user's tokens, newest first, without their secrets. */
export async function listTokens(control: D1Database, user: string): Promise<Token[]> {
  const { results } = await control
    .prepare(
      "SELECT id, name, scopes, created_at, last_used_at FROM api_tokens WHERE user_id = ?1 ORDER BY id DESC",
    )
    .bind(user)
    .all<Omit<Token, "scopes"> & { scopes: string }>();
  return results.map((row) => ({ ...row, scopes: JSON.parse(row.scopes) }));
}

/** Revokes a token of the user; false when it is not theirs. */
export async function deleteToken(control: D1Database, user: string, id: string): Promise<boolean> {
  const { meta } = await control
    .prepare("DELETE FROM api_tokens WHERE id = ?1 AND user_id = ?2")
    .bind(id, user)
    .run();
  return meta.changes > 0;
}

/** The identity and scopes behind a token. Its use is noted through `defer`, at most once an hour. */
export async function identityOfToken(
  control: D1Database,
  token: string,
  now: number,
  defer: (work: Promise<unknown>) => void,
): Promise<(Identity & { scopes: Scope[] }) | null> {
  const row = await control
    .prepare(
      `SELECT o.id, o.user_id, o.scopes, o.last_used_at, ${ROLES_COLUMN} FROM api_tokens o WHERE o.hash = ?1`,
    )
    .bind(await fingerprint(token))
    .first<{
      id: string;
      user_id: string;
      scopes: string;
      last_used_at: number | null;
      roles: string;
    }>();
  if (!row) return null;
  if ((row.last_used_at ?? 0) <= now - HOUR_MS) {
    defer(control.prepare("UPDATE api_tokens SET last_used_at = ?2 WHERE id = ?1").bind(row.id, now).run());
  }
  return {
    user_id: row.user_id,
    scopes: JSON.parse(row.scopes),
    roles: JSON.parse(row.roles),
  };
}
