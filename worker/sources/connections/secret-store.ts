/**
 * Sealed secrets of sources in the control database.
 * @module
 */
import { and, eq, isNotNull, ne } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { sources } from "../../../schema/tables/sources";
import type { Sealed } from "../../lib/key-ring";

/** Stores sealed tokens or keys, or null, and when their access expires (epoch ms). */
export async function storeSecrets(
  control: D1Database,
  id: string,
  sealed: Sealed | null,
  access_expires_at: number | null,
  now: number,
): Promise<void> {
  const secret = { secret: sealed?.text ?? null, secret_key: sealed?.key ?? null };
  await drizzle(control)
    .update(sources)
    .set({ ...secret, access_expires_at, updated_at: now })
    .where(eq(sources.id, id));
}

/**
 * Replaces the secrets `before`. Returns false when they have changed: a concurrent renewal or resealing must not bring
 * back replaced secrets.
 */
export async function replaceSecrets(
  control: D1Database,
  id: string,
  before: Sealed,
  sealed: Sealed,
  access_expires_at: number | null,
): Promise<boolean> {
  const { meta } = await drizzle(control)
    .update(sources)
    .set({ secret: sealed.text, secret_key: sealed.key, access_expires_at })
    .where(and(eq(sources.id, id), eq(sources.secret, before.text)));
  return meta.changes > 0;
}

/** Returns up to `limit` secrets that were sealed with another key than `current`, including those of deleted projects. */
export async function secretsWithOldKeys(
  control: D1Database,
  current: string,
  limit: number,
): Promise<{ id: string; sealed: Sealed; access_expires_at: number | null }[]> {
  const { id, secret, secret_key, access_expires_at } = sources;
  const rows = await drizzle(control)
    .select({ id, secret, secret_key, access_expires_at })
    .from(sources)
    .where(and(isNotNull(sources.secret), ne(sources.secret_key, current)))
    .orderBy(sources.id)
    .limit(limit);
  return rows.map(({ id, secret, secret_key, access_expires_at }) => ({
    id,
    sealed: { text: secret ?? "", key: secret_key ?? "" },
    access_expires_at,
  }));
}
