/**
 * Rows for lake tests and benchmarks: like real traffic, from a seed.
 * @module
 */
import { CONTEXT_COLUMNS, nullsOf, STEP_COLUMNS } from "../../../../schema/wire/columns.ts";
import type { EventRow } from "../../../../schema/wire/row.ts";

/** A small generator of numbers in [0, 1) (mulberry32). */
export function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const START = Date.UTC(2026, 9, 1);

export interface RowOptions {
  count: number;
  seed?: number;
  projects?: string[];
  /** Epoch ms of the first row. */
  start?: number;
  /** Rows are spread over this time. */
  spanMs?: number;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const AGENTS = Array.from(
  { length: 60 },
  (_, i) =>
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${100 + i}.0.0.0 Safari/537.36`,
);

/** Event rows like the pipeline's: many dimensions, a few hundred paths, unique ids, JSON properties. */
export function makeRows({
  count,
  seed = 1,
  projects = ["p1"],
  start = START,
  spanMs = 3_600_000,
}: RowOptions) {
  const random = makeRandom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const skewed = (n: number) => Math.floor(random() ** 3 * n);
  const one = <T>(values: readonly T[]): T => values[below(values.length)]!;
  const id = (length: number) => Array.from({ length }, () => ALPHABET[below(64)]).join("");
  const visitors = Array.from({ length: Math.max(1, count >> 2) }, () => id(22));
  return Array.from({ length: count }, (_, index): EventRow => {
    const timestamp = start + Math.floor((index / count) * spanMs) - below(2_000);
    const path = `/section-${skewed(12)}/page-${skewed(300)}`;
    const place = skewed(visitors.length);
    const visitor = visitors[place]!;
    const named = random() < 0.2;
    const campaign = random() < 0.15;
    return {
      ...nullsOf([...STEP_COLUMNS, ...CONTEXT_COLUMNS]),
      // A visitor belongs to one project, because the id is salted with it.
      project_id: projects[place % projects.length]!,
      event_id: crypto.randomUUID(),
      event_name: random() < 0.75 ? "pageview" : one(["signup", "click", "purchase", "scroll", "error"]),
      distinct_id: named ? `user-${skewed(5_000)}` : null,
      session_id: `s${visitor.slice(0, 12)}`,
      timestamp,
      clock_skewed: random() < 0.01,
      page_url: `https://www.example.com${path}${random() < 0.2 ? `?q=${below(1_000)}` : ""}`,
      path,
      hostname: "www.example.com",
      title: `Page ${path} – Example`,
      referrer: random() < 0.4 ? one(["https://www.google.com/", "https://news.ycombinator.com/"]) : null,
      source: random() < 0.4 ? one(["Google", "Hacker News"]) : null,
      channel: one(["Direct", "Organic search", "Referral"]),
      utm_source: campaign ? one(["newsletter", "ads"]) : null,
      utm_medium: campaign ? one(["email", "cpc"]) : null,
      utm_campaign: campaign ? one(["spring", "launch"]) : null,
      language: one(["en-US", "de-DE", "fr-FR", "ja-JP"]),
      screen: one(["1920x1080", "1440x900", "390x844"]),
      properties:
        random() < 0.5
          ? JSON.stringify({ plan: one(["free", "pro"]), amount: below(10_000) / 100, ref: id(8) })
          : null,
      country: one(["DE", "US", "FR", "JP", "BR", "IN"]),
      region: `Region ${skewed(80)}`,
      city: one(["München", "東京", "São Paulo", "Paris", "New York"]),
      browser: one(["Chrome", "Safari", "Firefox"]),
      browser_version: String(100 + skewed(30)),
      os: one(["Windows", "macOS", "iOS", "Android"]),
      os_version: String(10 + skewed(8)),
      device: one(["desktop", "mobile"]),
      user_agent: AGENTS[skewed(AGENTS.length)]!,
      ip_hash: visitor.split("").reverse().join(""),
      received_at: timestamp + 50 + below(3_000),
      sender: null,
      visitor_id: named ? `user-${skewed(5_000)}` : visitor,
      drop_reason: null,
    };
  });
}
