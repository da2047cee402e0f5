/**
 * Pending consents in the control database.
 * @module
 */
import { eq, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { connects } from "../../../schema/tables/sources";
import type { Sealed } from "../../lib/key-ring";
import { HOUR_MS } from "../../lib/time";

/** A consent in progress. */
export interface PendingConsent {
  /** SHA-256 of the OAuth state. */
  hash: string;
  source_id: string;
  user_id: string;
  /** The PKCE verifier, sealed for its hash. */
  sealed: Sealed;
  /** Epoch ms. */
  expires_at: number;
}

/** Stores a consent, and deletes those that expired more than an hour ago. */
export async function insertConsent(
  control: D1Database,
  { sealed, ...consent }: PendingConsent,
  now: number,
): Promise<void> {
  const db = drizzle(control);
  const row = { ...consent, verifier: sealed.text, verifier_key: sealed.key };
  await db.batch([
    db.delete(connects).where(lt(connects.expires_at, now - HOUR_MS)),
    db.insert(connects).values(row),
  ]);
}

/** Returns and deletes a consent, because a state works once; null when it is unknown. */
export async function consumeConsent(control: D1Database, hash: string): Promise<PendingConsent | null> {
  const [row] = await drizzle(control).delete(connects).where(eq(connects.hash, hash)).returning();
  if (!row) return null;
  const { verifier, verifier_key, ...rest } = row;
  return { ...rest, sealed: { text: verifier, key: verifier_key } };
}
