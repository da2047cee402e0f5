/**
 * Consent pages that people have been sent to, in the control database.
 * @module
 */
import type { Sealed } from "../../lib/key-ring";

/** Somebody on their way through a consent page. */
export interface PendingConsent {
  /** SHA-256 of the state. */
  hash: string;
  source_id: string;
  user_id: string;
  /** The PKCE verifier, sealed for its hash. */
  sealed: Sealed;
  expires_at: number;
}

/** Writes one down, and forgets those that never came back. */
export async function insertConsent(
  control: D1Database,
  connect: PendingConsent,
  now: number,
): Promise<void> {
  await control.batch([
    control.prepare("DELETE FROM connects WHERE expires_at < ?1").bind(now - 60 * 60_000),
    control
      .prepare(
        `INSERT INTO connects (hash, source_id, user_id, verifier, verifier_key, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
      )
      .bind(
        connect.hash,
        connect.source_id,
        connect.user_id,
        connect.sealed.text,
        connect.sealed.key,
        connect.expires_at,
      ),
  ]);
}

/** Takes one out: a state works once. */
export async function consumeConsent(control: D1Database, hash: string): Promise<PendingConsent | null> {
  const row = await control
    .prepare(
      "DELETE FROM connects WHERE hash = ?1 RETURNING hash, source_id, user_id, verifier, verifier_key, expires_at",
    )
    .bind(hash)
    .first<Omit<PendingConsent, "sealed"> & { verifier: string; verifier_key: string }>();
  if (!row) return null;
  const { verifier, verifier_key, ...rest } = row;
  return { ...rest, sealed: { text: verifier, key: verifier_key } };
}
