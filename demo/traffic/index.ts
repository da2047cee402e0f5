/**
 * Generates the traffic of a small shop from a seed: visits with pages, clicks, forms, sign-ups and purchases, from
 * many places, browsers and sources, by new and returning visitors, and a few bots.
 * @module
 */
import { hash, Random } from "./random.ts";
import { Schedule, type Slot } from "./schedule.ts";
import { Session, type TrafficEvent, type Who } from "./session.ts";
import { arrive } from "./sources.ts";
import { BOTS, botOf, type Visitor, visitorOf } from "./visitors.ts";

export type { TrafficEvent } from "./session.ts";

/** What to generate. */
export interface TrafficOptions {
  /** The same seed makes the same traffic. */
  seed: number;
  /**
   * Epoch ms, half-open `[from, to)`. Hours that are completely in two windows of one rate have the same visits in
   * both.
   */
  from: number;
  to: number;
  /**
   * Events that count in statistics. Engagement events and those of bots are generated in addition, about four for
   * five.
   */
  events: number;
  /** Origin, and path if any, of the site that is visited. Default `https://kasuri.example`. */
  site?: string;
}

/** One hour's events, in order of time. */
export interface TrafficHour {
  /** Whole hours since the epoch. */
  hour: number;
  events: TrafficEvent[];
}

/** Bots' events, as a share of the others. */
const BOT_SHARE = 0.02;
/** Share of visits by people who signed up earlier. */
const RETURNING = 0.16;
/** Mean time since the sign-up of a returning person. */
const RETURN_HOURS = 200;
/** New visitors per visit: some come twice on one day. */
const NEW_VISITORS = 0.8;
/** Events of an average visit, to estimate how many new visitors a day has. */
const VISIT_EVENTS = 4.4;

/** The kind of an event once it is accepted: engagement is only for sessions, bots are excluded from the statistics. */
export function kindOf(event: Pick<TrafficEvent, "event" | "context">): "event" | "engagement" | "bot" {
  if (BOT_AGENTS.has(event.context?.user_agent ?? "")) return "bot";
  return event.event === "$engagement" ? "engagement" : "event";
}

const BOT_AGENTS: ReadonlySet<string> = new Set(BOTS);

/** All events, in order of time. */
export function* generate(options: TrafficOptions): Iterable<TrafficEvent> {
  for (const { events } of generateHours(options)) yield* events;
}

/** The same hour by hour. A visit begins and ends within its hour, so an hour depends on no other. */
export function* generateHours(options: TrafficOptions): Iterable<TrafficHour> {
  const { seed, from, to, events, site = "https://kasuri.example" } = options;
  const schedule = new Schedule(seed, from, to, events);
  for (const slot of schedule.slots) {
    yield { hour: slot.hour, events: hourOf(slot, schedule, seed, site) };
  }
}

function hourOf(slot: Slot, schedule: Schedule, seed: number, site: string): TrafficEvent[] {
  const events: TrafficEvent[] = [];
  const signUps = schedule.signUpsIn(slot.hour);
  let left = slot.events;
  for (let visit = 0; left > 0; visit++) {
    const random = new Random(hash(seed, slot.hour, visit));
    const who = whoVisits(random, slot, schedule, seed, visit, signUps);
    left = place(new Session(random, site, who, arrive(random)).run(), slot, random, left, events);
  }
  for (let bot = 0; bot < Math.floor(slot.events * BOT_SHARE); bot++) {
    events.push(botView(new Random(hash(seed, slot.hour, bot, 0xb07)), slot, site));
  }
  return events.sort((a, b) => a.timestamp - b.timestamp);
}

/** Places a visit in its hour, cut off when the hour has enough events. Returns the number still missing. */
function place(
  visit: TrafficEvent[],
  slot: Slot,
  random: Random,
  wanted: number,
  events: TrafficEvent[],
): number {
  const span = slot.to - slot.from - 1;
  const length = (visit[visit.length - 1]?.timestamp ?? 0) + 1;
  const scale = Math.min(1, span / length);
  const start = slot.from + random.int(Math.max(1, span - length));
  let left = wanted;
  for (const event of visit) {
    if (event.event !== "$engagement" && left-- === 0) return 0;
    event.timestamp = start + Math.floor(event.timestamp * scale);
    events.push(event);
  }
  return left;
}

function whoVisits(
  random: Random,
  slot: Slot,
  schedule: Schedule,
  seed: number,
  visit: number,
  signUps: number,
): Who {
  const session_id = `${slot.hour.toString(36)}-${hash(seed, slot.hour, visit, 0x5e55).toString(36)}`;
  if (visit < signUps) {
    const key = personKey(seed, slot.hour, visit);
    return { visitor: visitorOf(key), session_id, joins: personId(key) };
  }
  const key = random.chance(RETURNING) ? someoneFromBefore(random, slot.hour, schedule, seed) : undefined;
  if (key !== undefined) return { visitor: visitorOf(key), session_id, person: personId(key) };
  return { visitor: newVisitor(random, slot, seed), session_id };
}

function newVisitor(random: Random, slot: Slot, seed: number): Visitor {
  const newVisitors = Math.ceil((slot.events * 24 * NEW_VISITORS) / VISIT_EVENTS);
  return visitorOf(hash(seed, Math.floor(slot.hour / 24), random.int(newVisitors), 0x577a));
}

/** Goes back to a likely hour, then further back to the first one with a sign-up. */
function someoneFromBefore(
  random: Random,
  hour: number,
  schedule: Schedule,
  seed: number,
): number | undefined {
  const first = hour - 1 - Math.floor(random.wait(RETURN_HOURS));
  for (let before = first; before > first - 48; before--) {
    const signUps = schedule.signUpsIn(before);
    if (signUps > 0) return personKey(seed, before, random.int(signUps));
  }
  return undefined;
}

const personKey = (seed: number, hour: number, index: number) => hash(seed, hour, index, 0x9e45);
const personId = (key: number) => `member_${key.toString(36)}`;

function botView(random: Random, slot: Slot, site: string): TrafficEvent {
  const { context } = botOf(hash(random.int(2 ** 31)));
  const { path } = arrive(random);
  const timestamp = slot.from + random.int(slot.to - slot.from);
  return { event: "page_view", page_url: site + path, timestamp, context };
}
