/**
 * Commit: a delivery becomes one segment and one transaction.
 * @module
 */

import { ulid } from "ulid";
import type { Message } from "../../../schema/wire/message";
import type { EventRow } from "../../../schema/wire/row";
import type { Stores } from "../../lib/stores";
import {
  type AppliedKeys,
  appendCommit,
  type DropCounts,
  type Extents,
  entryContentOf,
  findApplied,
  type NewKeys,
  tablesFor,
  withTables,
} from "../commits";
import { addSegment, type SegmentInfo, writeSegment } from "../lake";
import type { Watch } from "../live";
import { readCommitState } from "./store";

export interface Committed {
  /** Messages applied by this call or before it; they may be acknowledged. */
  applied: Set<Message>;
  /** Messages whose request key was used before with other content; nothing of them is applied. */
  reused: Set<Message>;
  /** Rows of dataset `events` that this call added to the lake. */
  rows: EventRow[];
  watches: Watch[];
}

/** Attempts when another consumer commits some of a delivery's keys meanwhile. */
const TRIES = 3;

/**
 * Applies messages exactly once. After any failure the keys are read again: those that turn out applied are done, the
 * rest starts over under a new segment id.
 * @throws the storage error when it fails repeatedly; nothing of the rest is applied then.
 */
export async function commit(
  { db, lake }: Stores,
  messages: readonly Message[],
  now: number,
): Promise<Committed> {
  const tables = tablesFor(
    messages.map((m) => m.received_at),
    now,
  );
  const keys = [...new Set(messages.flatMap(({ key }) => [key, firstPartOf(key)]))];
  const projects = [...new Set(messages.map((m) => m.project_id))];
  let { applied, before, watches } = await withTables(db, tables, () =>
    readCommitState(db, tables, keys, projects, now),
  );
  for (let tries = 1; ; tries++) {
    const { rest, reused } = sort(messages, applied);
    const done = { applied: new Set(messages).difference(reused), reused, watches };
    if (!rest.length) return { ...done, rows: [] };
    try {
      return { ...done, rows: await write({ db, lake }, rest, { tables, before }, now) };
    } catch (error) {
      const after = await withTables(db, tables, () => findApplied(db, tables, keys));
      if (tries >= TRIES && after.size === applied.size) throw error;
      applied = after;
    }
  }
}

/** The key of the first message of the request. */
const firstPartOf = (key: string) => key.replace(/[^/]*$/, "0");

/** The messages to apply, one of each key, and those whose request's key belongs to other content. */
function sort(messages: readonly Message[], applied: AppliedKeys): { rest: Message[]; reused: Set<Message> } {
  const used = new Map(applied);
  const rest: Message[] = [];
  const reused = new Set<Message>();
  for (const message of messages) {
    const { key } = message;
    const content = entryContentOf(message.content);
    const contents = [used.get(key), used.get(firstPartOf(key))];
    if (contents.some((other) => content && other && content !== other)) reused.add(message);
    else if (!used.has(key)) {
      rest.push(message);
      used.set(key, content);
    }
  }
  return { rest, reused };
}

async function write(
  { db, lake }: Stores,
  messages: readonly Message[],
  known: Omit<NewKeys, "keys">,
  now: number,
): Promise<EventRow[]> {
  const rows = messages.flatMap(rowsOf);
  const events = rows.filter((row) => row.drop_reason === null);
  const dropped = rows.filter((row) => row.drop_reason !== null);
  const segments: SegmentInfo[] = [];
  const at = { id: ulid(now), level: 0, seq: 0, now };
  if (events.length) segments.push(await writeSegment(lake, "events", events, at));
  if (dropped.length) segments.push(await writeSegment(lake, "dropped", dropped, at));
  await appendCommit(
    db,
    {
      keys: { ...known, keys: messages },
      segment: events.length ? at.id : null,
      received_until: Math.max(...messages.map((m) => m.received_at)),
      projects: extentsOf(messages),
      drops: countDrops(messages),
    },
    segments.map((segment) => addSegment(db, segment, true)),
    now,
  );
  return events;
}

/** The rows of a message. */
export function rowsOf(message: Message): EventRow[] {
  return message.events.map(({ context: index, ...event }) => {
    const context = message.contexts[index];
    if (!context)
      throw new Error(`message ${message.key}: context ${index} of ${message.contexts.length} is missing`);
    const { anonymous_id, previous_anonymous_id, ...rest } = context;
    const isAnonymous = event.distinct_id === null;
    return {
      ...event,
      ...rest,
      previous_anonymous_id: isAnonymous && event.session_id === null ? previous_anonymous_id : null,
      project_id: message.project_id,
      received_at: message.received_at,
      sender: message.sender,
      visitor_id: event.distinct_id ?? anonymous_id,
    };
  });
}

function extentsOf(messages: readonly Message[]): Extents {
  const extents: Extents = {};
  for (const { project_id, events, own_ids } of messages) {
    const times = events.filter((event) => event.drop_reason === null).map((event) => event.timestamp);
    if (!times.length) continue;
    const [rows, from, to, own] = extents[project_id] ?? [0, times[0]!, times[0]!, 0];
    const hasOwn = own || own_ids ? 1 : 0;
    extents[project_id] = [rows + times.length, Math.min(from, ...times), Math.max(to, ...times), hasOwn];
  }
  return extents;
}

function countDrops(messages: readonly Message[]): DropCounts {
  const drops: DropCounts = {};
  const add = (project: string, reason: string, count: number) => {
    const counts = drops[project] ?? {};
    drops[project] = counts;
    counts[reason] = (counts[reason] ?? 0) + count;
  };
  for (const { project_id, events, refused } of messages) {
    for (const { drop_reason } of events) if (drop_reason) add(project_id, drop_reason, 1);
    for (const [reason, count] of Object.entries(refused)) add(project_id, reason, count);
  }
  return drops;
}
