/**
 * Visitor ids without personal data: salted hashes of the address.
 * @module
 */
import type { RawContext, RawEvent } from "../../../schema/wire/event";
import type { Context } from "../../../schema/wire/row";
import { Lru } from "../../lib/lru";
import { bucketStart, HOUR_MS, localDate } from "../../lib/time";
import type { Salts } from "../../tenancy/projects";
import { agentOf } from "./agent";
import { derivedKey, hash132 } from "./hash";
import { MAX_USER_AGENT, NO_SENDER, type Sender } from "./sender";

/** The context of an event: one for all events of a browser's request, one for each sender in an import. */
export type ContextOf = (event: RawEvent, timestamp: number, eventId: string) => Context;

/** The local day that names a project's salts, as `YYYY-MM-DD`, cached until it ends. */
export function saltDay(now: number, zone: string): string {
  const start = bucketStart(now, "day", zone);
  const known = currentDays.get(zone);
  if (known?.start === start) return known.date;
  const date = localDate(now, zone);
  currentDays.set(zone, { start, date });
  return date;
}
/** By time zone. */
const currentDays = new Lru<string, { start: number; date: string }>({ maxEntries: 500 });

/** Context from the request alone. */
export function edgeContext(
  sender: Sender,
  salts: Salts,
  project: string,
  zone: string,
  now: number,
): ContextOf {
  const young = now - bucketStart(now, "day", zone) < HOUR_MS;
  const who = ["address", sender.ip ?? "", sender.user_agent ?? ""];
  const context = makeContext(sender, project, who, salts.today, young ? salts.yesterday : null);
  return () => context;
}

/**
 * Context that an import states. Its salt is derived from the deployment's secret, the project and the event's own
 * local day, so that importing the same line again makes the same row, and visitor ids change daily as live ones do.
 * Without an address, the session, else the event itself, identifies the visitor.
 */
export function importContext(secret: string, project: string, zone: string): ContextOf {
  const known = new Map<string, Context>();
  const saltOf = (day: number) => derivedKey(secret, "import", project, day);
  return (event, timestamp, eventId) => {
    const sender = statedSender(event.context);
    const day = bucketStart(timestamp, "day", zone);
    const young = timestamp - day < HOUR_MS;
    const who = whoOf(sender, event.session_id, eventId);
    const key = JSON.stringify([
      sender.country,
      sender.region,
      sender.city,
      sender.user_agent,
      day,
      young,
      who,
    ]);
    let context = known.get(key);
    if (!context) {
      const yesterday = young ? saltOf(bucketStart(day - 1, "day", zone)) : null;
      context = makeContext(sender, project, who, saltOf(day), yesterday);
      known.set(key, context);
    }
    return context;
  };
}

function whoOf(sender: Sender, session: string | undefined, eventId: string): string[] {
  if (sender.ip !== null) return ["address", sender.ip, sender.user_agent ?? ""];
  return session === undefined ? ["event", eventId] : ["session", session];
}

/** An import's `context` as a sender; missing fields are unknown. */
export function statedSender(context: RawContext | undefined): Sender {
  return {
    ...NO_SENDER,
    ip: context?.ip || null,
    user_agent: context?.user_agent?.slice(0, MAX_USER_AGENT) || null,
    country: context?.country ?? null,
    region: context?.region || null,
    city: context?.city || null,
  };
}

function makeContext(
  sender: Sender,
  project: string,
  who: string[],
  today: string,
  /** null or empty when there is none. */
  yesterday: string | null,
): Context {
  const agent = agentOf(sender.user_agent);
  return {
    country: sender.country,
    region: sender.region,
    city: sender.city,
    browser: agent.browser,
    browser_version: agent.browser_version,
    os: agent.os,
    os_version: agent.os_version,
    device: agent.device,
    user_agent: sender.user_agent,
    ip_hash: sender.ip === null ? null : hash132(today, "ip", project, sender.ip),
    anonymous_id: hash132(today, "visitor", project, ...who),
    previous_anonymous_id: yesterday ? hash132(yesterday, "visitor", project, ...who) : null,
  };
}
