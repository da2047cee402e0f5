/**
 * Salts of anonymous ids: one per local date, shared by all zones, destroyed two days after.
 * Without its salt a stored hash can no longer be tied to an address, not even by trying all addresses.
 * @module
 */
import { DAY_MS } from "../lib/time";

/** Salts, base64 of 16 bytes. `yesterday` is empty once destroyed or when nothing was hashed that day. */
export interface Salts {
	today: string;
	yesterday: string;
}

/** Local dates that an isolate keeps in mind: three are alive at any moment (UTC−12 to UTC+14). */
const MOST_CACHED = 8;
const cache = new Map<string, Salts>();

/** The salts of `localDay` (`YYYY-MM-DD` in the project's zone) and of the day before; made when missing. */
export async function saltsFor(
	control: D1Database,
	localDay: string,
): Promise<Salts> {
	const cached = cache.get(localDay);
	if (cached) return cached;
	const before = new Date(Date.parse(localDay) - DAY_MS)
		.toISOString()
		.slice(0, 10);
	const fresh = btoa(
		String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))),
	);
	const [, rows] = await control.batch<{ day: string; salt: string }>([
		control
			.prepare("INSERT OR IGNORE INTO salts (day, salt) VALUES (?1, ?2)")
			.bind(localDay, fresh),
		control
			.prepare("SELECT day, salt FROM salts WHERE day IN (?1, ?2)")
			.bind(localDay, before),
	]);
	const salts = new Map(rows?.results.map((row) => [row.day, row.salt]));
	const found: Salts = {
		today: salts.get(localDay) ?? "",
		yesterday: salts.get(before) ?? "",
	};
	if (!found.today)
		throw new Error(`salt of ${localDay} was neither made nor found`);
	if (cache.size >= MOST_CACHED) cache.clear();
	cache.set(localDay, found);
	return found;
}

/** Destroys the salts of dates more than two days before `now`'s UTC date; forgets what this isolate kept. */
export async function destroyOldSalts(
	control: D1Database,
	now: number,
): Promise<void> {
	const oldest = new Date(now - 2 * DAY_MS).toISOString().slice(0, 10);
	for (const day of cache.keys()) if (day < oldest) cache.delete(day);
	await control.prepare("DELETE FROM salts WHERE day < ?1").bind(oldest).run();
}
