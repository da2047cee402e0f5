/**
 * Salts of anonymous ids: one per local date, shared by all time zones, deleted two days later. Without its salt a stored
 * hash can no longer be linked to an IP address, not even by brute force.
 * @module
 */
import { inArray, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { salts } from "../../../schema/tables/control";
import { Lru } from "../../lib/lru";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../lib/time";

/** Salts, base64 of 16 bytes. `yesterday` is empty when it was deleted or nothing was hashed that day. */
export interface Salts {
  today: string;
  yesterday: string;
}

/**
 * How long an isolate caches salts: short compared to their lifetime, so that deleted salts do not remain in memory. While
 * yesterday has none, another time zone may still create it, so the cache expires sooner.
 */
const CACHE_MS = HOUR_MS;
const INCOMPLETE_CACHE_MS = MINUTE_MS;
/** Number of cached local dates: three are current at any moment (UTC−12 to UTC+14). */
const MOST_CACHED = 8;
const cache = new Lru<string, Salts>({ maxEntries: MOST_CACHED });

/** The salts of `localDay` (`YYYY-MM-DD` in the project's zone) and of the day before; today's is created when missing. */
export async function saltsFor(control: D1Database, localDay: string): Promise<Salts> {
  const cached = cache.get(localDay);
  if (cached) return cached;
  const read = await readSalts(control, localDay);
  cache.set(localDay, read, { maxAgeMs: read.yesterday ? CACHE_MS : INCOMPLETE_CACHE_MS });
  return read;
}

async function readSalts(control: D1Database, localDay: string): Promise<Salts> {
  const before = new Date(Date.parse(localDay) - DAY_MS).toISOString().slice(0, 10);
  const fresh = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const db = drizzle(control);
  const [, rows] = await db.batch([
    db.insert(salts).values({ day: localDay, salt: fresh }).onConflictDoNothing(),
    db
      .select()
      .from(salts)
      .where(inArray(salts.day, [localDay, before])),
  ]);
  const byDay = new Map(rows.map(({ day, salt }) => [day, salt]));
  const today = byDay.get(localDay);
  if (!today) throw new Error(`salt of ${localDay} was neither created nor found`);
  return { today, yesterday: byDay.get(before) ?? "" };
}

/** Deletes the salts of dates more than two days before `now`'s UTC date, also from this isolate's cache. */
export async function destroyOldSalts(control: D1Database, now: number): Promise<void> {
  const oldest = new Date(now - 2 * DAY_MS).toISOString().slice(0, 10);
  cache.deleteWhere((_, day) => day < oldest);
  await drizzle(control).delete(salts).where(lt(salts.day, oldest));
}
