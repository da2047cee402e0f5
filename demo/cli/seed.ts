/**
 * Fills a project with traffic: `npm run seed -- --days 30 --events 20000 --seed 1`.
 * @module
 */
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { generateHours, kindOf } from "../traffic/index.ts";
import { command, wholeNumber } from "./command.ts";
import { count, Progress } from "./progress.ts";
import { BATCH_EVENTS, type Batch, namedBatch, sendAll } from "./send.ts";
import { TARGET_OPTIONS, type Target, targetOf, UsageError } from "./target.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const HELP = `npm run seed -- [--project P --token T] [--url U] [--days N] [--events N] [--seed N] [--site URL] [--until TIME]

  --days    length of the range, default 30
  --events  events in it, default 20000; engagement events and bots' events are added
  --seed    the same seed makes the same traffic, default 1
  --site    URL of the visited site, default https://kasuri.example
  --until   end of the range (ISO 8601), default the start of the current hour

Without --project and --token: the demo project of the state folder. Sending the same range again changes nothing.`;

/** What to send. */
export interface SeedOptions {
  days: number;
  events: number;
  seed: number;
  /** End of the range, epoch ms. */
  until: number;
  site?: string;
}

/** Numbers of sent events, by kind. */
export interface Seeded {
  batches: number;
  event: number;
  engagement: number;
  bot: number;
  rejected: number;
}

/** Sends the traffic. `onProgress` receives the number of accepted events and the share that was sent. */
export async function seedTraffic(
  target: Target,
  options: SeedOptions,
  onProgress: (events: number, share: number) => void = () => {},
): Promise<Seeded> {
  const sent: Seeded = { batches: 0, event: 0, engagement: 0, bot: 0, rejected: 0 };
  await sendAll(target, batchesOf(options), (answer, batch) => {
    sent.batches++;
    sent.rejected += answer.rejected.length;
    for (const event of batch.events) sent[kindOf(event)]++;
    onProgress(sent.event + sent.engagement + sent.bot, options.events ? sent.event / options.events : 1);
  });
  return sent;
}

/**
 * Batches never span hours. Events are named by their hour and place, and batches by their events, so that a range that
 * overlaps with an earlier one adds only what is new.
 */
export function* batchesOf({ days, events, seed, until, site }: SeedOptions): Iterable<Batch> {
  const name = createHash("sha256")
    .update(JSON.stringify([seed, days, events, site]))
    .digest("hex")
    .slice(0, 12);
  const range = { from: until - days * DAY_MS, to: until };
  for (const hour of generateHours({ seed, events, site, ...range })) {
    const named = hour.events.map((event, i) => ({ ...event, event_id: `${name}-${hour.hour}-${i}` }));
    for (let start = 0; start < named.length; start += BATCH_EVENTS)
      yield namedBatch("seed", named.slice(start, start + BATCH_EVENTS));
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ...TARGET_OPTIONS,
      days: { type: "string" },
      events: { type: "string" },
      seed: { type: "string" },
      site: { type: "string" },
      until: { type: "string" },
    },
  });
  if (values.help) return console.log(HELP);
  const until = values.until ? Date.parse(values.until) : Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  if (Number.isNaN(until))
    throw new UsageError(`--until must be a time such as 2026-11-20T14:00:00Z, not "${values.until}".`);
  const options: SeedOptions = {
    days: wholeNumber("days", values.days, 30, 1),
    events: wholeNumber("events", values.events, 20_000),
    seed: wholeNumber("seed", values.seed, 1),
    until,
    site: values.site?.replace(/\/$/, ""),
  };
  const target = targetOf(values);
  const progress = new Progress("seeding");
  const sent = await seedTraffic(target, options, (events, share) => progress.update(events, share));
  progress.end();
  const time = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  console.log(
    `${count(sent.event)} events from ${time(until - options.days * DAY_MS)} to ${time(until)} for project ${target.project},\n` +
      `and ${count(sent.engagement)} engagement events (for sessions) and ${count(sent.bot)} events of bots ` +
      `(excluded from the statistics).\n` +
      `${count(sent.batches)} batches sent, ${count(sent.rejected)} events rejected. Sending them again changes nothing.`,
  );
}

await command(import.meta.url, main);
