/**
 * List prices in US$ beyond what the plan includes, by the page that states them.
 * @module
 */

/** $ per unit. */
export const PRICES = {
  /** Workers › Platform › Pricing: $0.30 a million; consumers' invocations count as well. */
  worker_requests: 0.3e-6,
  /** Workers › Platform › Pricing: $0.02 a million CPU ms. */
  cpu_ms: 0.02e-6,
  /** Queues › Pricing: $0.40 a million operations of 64 KB; a message is written, read and deleted. */
  queue_operations: 0.4e-6,
  /** D1 › Platform › Pricing: $1.00 a million, one more for every index changed. */
  d1_rows_written: 1e-6,
  /** D1 › Platform › Pricing: $0.001 a million. */
  d1_rows_read: 0.001e-6,
  /** R2 › Pricing: Class A $4.50 a million. */
  r2_puts: 4.5e-6,
  /** R2 › Pricing: Class B $0.36 a million. */
  r2_gets: 0.36e-6,
  /** R2 › Pricing: $0.015 a GB-month; here for a year. */
  r2_byte_years: (0.015 * 12) / 1e9,
  /** Durable Objects › Platform › Pricing: $0.15 a million. */
  object_requests: 0.15e-6,
  /** Durable Objects › Platform › Pricing: $12.50 a million GB-s at 128 MB. */
  object_ms: (12.5e-6 * 0.128) / 1000,
  /** Durable Objects › Platform › Pricing: rows of SQLite storage as D1's. */
  object_rows_written: 1e-6,
  /** Analytics Engine › Pricing: $0.25 a million points; not billed at present, so an upper bound. */
  analytics_points: 0.25e-6,
} as const;

export type Priced = Record<keyof typeof PRICES, number>;

/** Operations by where they happen, for a readable bill. */
export const LINES: Record<string, (keyof typeof PRICES)[]> = {
  "Workers: requests": ["worker_requests"],
  "Workers: CPU": ["cpu_ms"],
  "Queues: operations": ["queue_operations"],
  "D1: rows written": ["d1_rows_written"],
  "D1: rows read": ["d1_rows_read"],
  "R2: puts": ["r2_puts"],
  "R2: gets": ["r2_gets"],
  "R2: a year of storage, bytes": ["r2_byte_years"],
  "Durable Object: requests": ["object_requests"],
  "Durable Object: duration, ms": ["object_ms"],
  "Durable Object: rows written": ["object_rows_written"],
  "Analytics Engine: points": ["analytics_points"],
};
