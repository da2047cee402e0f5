/**
 * Requests of many senders, generated from a seed, each with its expected result by an independent implementation of
 * the contract.
 * @module
 */
import { gzipSync } from "node:zlib";
import { Random } from "../../demo/traffic/random.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const BROWSER =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 Safari/537.36";
const CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

/** An event that must be counted. */
export interface Fact {
  event_id: string;
  name: string;
  visitor: string;
  distinct_id: string | null;
  session_id: string;
  /** Its clock is not plausible: it counts at the time of receipt. */
  skewed: boolean;
}

/** One request. */
export interface Batch {
  id: string;
  /** Source of its idempotency key. */
  key: "header" | "batch_id" | "event_ids";
  gzip: boolean;
  headers: Record<string, string>;
  events: Record<string, unknown>[];
  /** Expected `accepted` in the response. */
  accepted: number;
  rejected: { index: number; code: string }[];
  /** Events that must be counted; none of a crawler's request. */
  facts: Fact[];
}

/** Codes of rejections, each with an event that is rejected with it. */
const BAD: Record<string, Record<string, unknown>> = {
  required: { properties: { plan: "pro" } },
  invalid_type: { event: 7 },
  empty: { event: "  " },
  too_long: { event: "x".repeat(256) },
  invalid_format: { event: "click", timestamp: "yesterday" },
  too_large: { event: "click", properties: { text: "x".repeat(33_000) } },
};

export interface BatchOptions {
  seed: number;
  /** Approximate number of valid events. */
  events: number;
  /** Epoch ms. Named people's visits are in the 70 h before it, anonymous ones in the last minutes. */
  now: number;
  /** Most events of a request. */
  most: number;
}

/** The zone whose local time is about noon at `now`, so that no test crosses midnight. */
export function noonZone(now: number): string {
  const behind = new Date(now).getUTCHours() - 12;
  return behind === 0 ? "UTC" : `Etc/GMT${behind > 0 ? "+" : "-"}${Math.abs(behind)}`;
}

/** The requests, in no particular order. */
export function makeBatches({ seed, events, now, most }: BatchOptions): Batch[] {
  const random = new Random(seed);
  const pools = new Map<string, Draft[]>();
  for (let made = 0; made < events; ) {
    const visit = makeVisit(random, made, now);
    made += visit.drafts.length;
    pools.set(visit.address, [...(pools.get(visit.address) ?? []), ...visit.drafts]);
  }
  const batches: Batch[] = [];
  for (const [address, drafts] of pools) {
    shuffle(random, drafts);
    while (drafts.length) {
      const part = drafts.splice(0, 1 + random.int(most));
      batches.push(makeBatch(random, batches.length, address, part));
    }
  }
  return shuffle(random, batches);
}

interface Draft {
  event: Record<string, unknown>;
  fact: Fact;
}

/** A visit of up to 20 minutes. Named people use any of a few addresses, anonymous visitors their own. */
function makeVisit(random: Random, made: number, now: number): { address: string; drafts: Draft[] } {
  const person = random.chance(0.7) ? `person-${random.int(150)}` : null;
  const address = person ? `198.51.100.${random.int(20)}` : `203.0.113.${random.int(60)}`;
  const skewed = person !== null && random.chance(0.05);
  const start = person ? now - 20 * MINUTE_MS - random.int(69 * HOUR_MS) : now - 21 * MINUTE_MS;
  const drafts = Array.from({ length: skewed ? 1 : 1 + random.int(12) }, (_, i) => {
    const event_id = `e${made + i}`;
    const canBeNamed = person !== null && Number(person.slice(7)) % 3 === 0;
    const name = random.of(["page_view", "page_view", "click", "signup", canBeNamed ? "$identify" : "click"]);
    const timestamp = skewed ? now + random.of([-80, 2]) * HOUR_MS : start + random.int(20 * MINUTE_MS);
    const session_id = `s${made}`;
    const event = {
      event: name,
      event_id,
      session_id,
      distinct_id: person ?? undefined,
      timestamp: random.chance(0.5) ? timestamp : new Date(timestamp).toISOString(),
      page_url: `https://shop.example/${random.of(["", "pricing", "docs", "blog"])}`,
      properties: { plan: random.of(["free", "pro"]) },
    };
    return {
      event,
      fact: { event_id, name, visitor: person ?? address, distinct_id: person, session_id, skewed },
    };
  });
  return { address, drafts };
}

function makeBatch(random: Random, number: number, address: string, drafts: readonly Draft[]): Batch {
  const isCrawler = number % 25 === 7;
  const events = drafts.map(({ event }) => event);
  const isBad = drafts.map(() => "");
  if (number % 4 === 0) {
    const code = Object.keys(BAD)[(number / 4) % Object.keys(BAD).length] ?? "required";
    const at = random.int(events.length + 1);
    events.splice(at, 0, { event_id: `bad-${number}`, ...BAD[code] });
    isBad.splice(at, 0, code);
  }
  return {
    id: `batch-${number}`,
    key: (["header", "batch_id", "event_ids"] as const)[number % 3] ?? "batch_id",
    gzip: random.chance(0.3),
    headers: isCrawler
      ? { "cf-connecting-ip": address, "user-agent": CRAWLER, origin: "https://shop.example" }
      : { "cf-connecting-ip": address, "user-agent": BROWSER },
    events,
    accepted: drafts.length,
    rejected: isBad.flatMap((code, index) => (code ? [{ index, code }] : [])),
    facts: isCrawler ? [] : drafts.map(({ fact }) => fact),
  };
}

/** Sends a request. */
export async function sendBatch(url: string, writeKey: string, batch: Batch): Promise<Response> {
  const headers: Record<string, string> = { ...batch.headers, "content-type": "application/json" };
  headers["x-api-key"] = writeKey;
  if (batch.key === "header") headers["idempotency-key"] = batch.id;
  const batch_id = batch.key === "batch_id" ? batch.id : undefined;
  const text = JSON.stringify({ batch_id, events: batch.events });
  if (batch.gzip) headers["content-encoding"] = "gzip";
  const body = batch.gzip ? gzipSync(text) : text;
  return await fetch(`${url}/api/v1/events/ingest`, { method: "POST", headers, body });
}

/** Expected counts of these requests, each counted once. */
export interface Tally {
  events: number;
  byName: Record<string, number>;
  visitors: number;
  sessions: number;
  users: number;
  skewed: number;
  /** Dropped: crawlers' events and rejected ones. */
  drops: Record<string, number>;
}

/** Counts the facts. Visits are shorter than the idle limit, so a session is a session_id. */
export function tallyOf(batches: readonly Batch[]): Tally {
  const facts = batches.flatMap((batch) => batch.facts);
  const byName: Record<string, number> = {};
  for (const { name } of facts) byName[name] = (byName[name] ?? 0) + 1;
  const sum = (of: (batch: Batch) => number) => batches.reduce((total, batch) => total + of(batch), 0);
  const drops = {
    bot: sum(({ facts, accepted }) => accepted - facts.length),
    invalid: sum(({ rejected }) => rejected.length),
  };
  return {
    events: facts.length,
    byName,
    visitors: new Set(facts.map((fact) => fact.visitor)).size,
    sessions: new Set(facts.map((fact) => fact.session_id)).size,
    users: new Set(facts.flatMap((fact) => (fact.name === "$identify" ? [fact.distinct_id] : []))).size,
    skewed: facts.filter((fact) => fact.skewed).length,
    drops: Object.fromEntries(Object.entries(drops).filter(([, count]) => count > 0)),
  };
}

/** Shuffles in place. */
export function shuffle<T>(random: Random, list: T[]): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    [list[i], list[j]] = [list[j] as T, list[i] as T];
  }
  return list;
}
