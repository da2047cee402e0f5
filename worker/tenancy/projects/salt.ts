/**
 * Salts of anonymous ids: one per local date, shared by all zones, destroyed two days after.
 * Without its salt a stored hash can no longer be tied to an address, not even by trying all addresses.
 * @module
 */
import { Lru } from "../../lib/lru";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../lib/time";

/** Salts, base64 of 16 bytes. `yesterday` is empty once destroyed or when nothing was hashed that day. */
export interface Salts {
  today: string;
  yesterday: string;
}

/**
 * How long an isolate caches salts: short compared to their life, so that destroyed salts do not survive in memory.
 * While yesterday has none, another zone may still create it, and the cache expires sooner.
 */
const CACHE_MS = HOUR_MS;
const INCOMPLETE_CACHE_MS = MINUTE_MS;
/** Cached local dates: three are in use at any moment (UTC−12 to UTC+14). */
const MOST_CACHED = 8;
const cache = new Lru<string, Salts>({ maxEntries: MOST_CACHED });

/** The salts of `localDay` (`YYYY-MM-DD` in the project's zone) and of the day before; today's is created when missing. */
export async function saltsFor(control: D1Database, localDay: string): Promise<Salts> {
  const cached = cache.get(localDay);
  if (cached) return cached;
  const salts = await readSalts(control, localDay);
  cache.set(localDay, salts, { maxAgeMs: salts.yesterday ? CACHE_MS : INCOMPLETE_CACHE_MS });
  return salts;
}

async function readSalts(control: D1Database, localDay: string): Promise<Salts> {
  const before = new Date(Date.parse(localDay) - DAY_MS).toISOString().slice(0, 10);
  const fresh = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const [, rows] = await control.batch<{ day: string; salt: string }>([
    control.prepare("INSERT OR IGNORE INTO salts (day, salt) VALUES (?1, ?2)").bind(localDay, fresh),
    control.prepare("SELECT day, salt FROM salts WHERE day IN (?1, ?2)").bind(localDay, before),
  ]);
  const salts = new Map(rows?.results.map((row) => [row.day, row.salt]));
  const today = salts.get(localDay);
  if (!today) throw new Error(`salt of ${localDay} was neither created nor found`);
  return { today, yesterday: salts.get(before) ?? "" };
}

/** Destroys the salts of dates more than two days before `now`'s UTC date and removes them from this isolate's cache. */
export async function destroyOldSalts(control: D1Database, now: number): Promise<void> {
  const oldest = new Date(now - 2 * DAY_MS).toISOString().slice(0, 10);
  cache.deleteWhere((_, day) => day < oldest);
  await control.prepare("DELETE FROM salts WHERE day < ?1").bind(oldest).run();
}
