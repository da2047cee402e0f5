/**
 * Salts of anonymous ids: one per local date, shared by all zones, destroyed two days after.
 * Without its salt a stored hash can no longer be tied to an address, not even by trying all addresses.
 * @module
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../lib/time";

/** Salts, base64 of 16 bytes. `yesterday` is empty once destroyed or when nothing was hashed that day. */
export interface Salts {
  today: string;
  yesterday: string;
}

/**
 * How long an isolate keeps salts in mind: short beside their life, so that destroying them is not undone by memory.
 * While yesterday has none, another zone may still make it, and the isolate looks again sooner.
 */
const CACHE_MS = HOUR_MS;
const INCOMPLETE_CACHE_MS = MINUTE_MS;
/** Local dates kept in mind: three are alive at any moment (UTC−12 to UTC+14). */
const MOST_CACHED = 8;
const cache = new Map<string, { salts: Salts; until: number }>();

/** The salts of `localDay` (`YYYY-MM-DD` in the project's zone) and of the day before; today's is made when missing. */
export async function saltsFor(control: D1Database, localDay: string): Promise<Salts> {
  const cached = cache.get(localDay);
  const now = Date.now();
  if (cached && cached.until > now) return cached.salts;
  const salts = await readSalts(control, localDay);
  if (cache.size >= MOST_CACHED) cache.clear();
  cache.set(localDay, { salts, until: now + (salts.yesterday ? CACHE_MS : INCOMPLETE_CACHE_MS) });
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
  if (!today) throw new Error(`salt of ${localDay} was neither made nor found`);
  return { today, yesterday: salts.get(before) ?? "" };
}

/** Destroys the salts of dates more than two days before `now`'s UTC date; forgets what this isolate kept. */
export async function destroyOldSalts(control: D1Database, now: number): Promise<void> {
  const oldest = new Date(now - 2 * DAY_MS).toISOString().slice(0, 10);
  for (const day of cache.keys()) if (day < oldest) cache.delete(day);
  await control.prepare("DELETE FROM salts WHERE day < ?1").bind(oldest).run();
}
