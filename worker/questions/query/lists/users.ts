/**
 * People named by an identify event, seen in a range: the last seen first.
 * @module
 */

import { PAGE_VIEW } from "../../../../schema/wire/event";
import type { Stores } from "../../../lib/stores";
import { inTurns, TURN_BYTES, Turn, yieldControl } from "../../../lib/yield";
import { People } from "../execute/lake/people";
import { SessionIndex } from "../execute/lake/session-index";
import { sessionViews } from "../execute/lake/session-source";
import { batchesOf, type ReadCost } from "../execute/lake/sources";
import { type BatchView, viewOf } from "../execute/lake/view";
import { type ProjectState, readSnapshot, type Snapshot } from "../execute/snapshot-store";
import { dimensionsOf } from "../parse/filter";
import { isRefusal, type Refusal } from "../parse/refusal";
import { BUDGET, type Budget } from "../plan";
import { costOf, refuseCost, rowsIn } from "../plan/cost";
import { type Reads, readsOf, type SplitFilter, splitFilter } from "../plan/lake-plan";
import type { Subquery } from "../plan/subquery";
import { newestFirst, type Position } from "./position";

/** Work of a row, in the bytes of `plan/cost.ts`. */
const ROW_WORK = 24;

export interface UserRow {
  distinct_id: string;
  /** First and last event in the range, epoch ms. */
  first_seen: number;
  last_seen: number;
  events: number;
  pageviews: number;
  sessions: number;
}

interface Draft extends Omit<UserRow, "sessions"> {
  sessions: Set<number>;
}

export interface UserPage {
  rows: UserRow[];
  next: Position | null;
  /** People in the range, on all pages. */
  total: number;
  snapshot: Snapshot;
  cost: ReadCost;
}

export async function listUsers(
  { db, lake }: Stores,
  project: string,
  state: ProjectState,
  {
    subquery,
    limit,
    after,
    budget = BUDGET,
  }: { subquery: Subquery; limit: number; after: Position | null; budget?: Budget },
): Promise<UserPage | Refusal> {
  const filter = splitFilter(subquery);
  if (isRefusal(filter)) return filter;
  // Sessions are counted, so events are joined to them whatever the filter.
  const reads = readsOf(
    { ...subquery, measures: ["events", "pageviews", "users", "sessions"], dimensions: [] },
    filter,
    subquery,
  );
  const { events = null, sessions = null } = reads;
  const snapshot = await readSnapshot(db, project, state, { spans: [], events, sessions, rollups: null });
  const parts = [
    ...(events ? [{ dataset: "events" as const, read: events, segments: snapshot.events }] : []),
    ...(sessions ? [{ dataset: "sessions" as const, read: sessions, segments: snapshot.sessions }] : []),
  ];
  const task = {
    plan: { subquery, filter },
    rows: events ? rowsIn({ read: events, segments: snapshot.events }) : 0,
  };
  const refusal = refuseCost(costOf(parts, [task]), subquery.to - subquery.from, subquery, budget);
  if (refusal) return refusal;
  const cost: ReadCost = { rows: 0, bytes: 0 };
  const found = await collect({ db, lake }, project, snapshot, reads, filter, cost);
  const positionOf = (user: UserRow): Position => ({ time: user.last_seen, id: user.distinct_id });
  const ordered = found.sort((a, b) => newestFirst(positionOf(a), positionOf(b)));
  const rest = after ? ordered.filter((user) => newestFirst(positionOf(user), after) > 0) : ordered;
  const rows = rest.slice(0, limit);
  const next = rest.length > limit ? positionOf(rows.at(-1)!) : null;
  return { rows, next, total: found.length, snapshot, cost };
}

async function collect(
  { db, lake }: Stores,
  project: string,
  snapshot: Snapshot,
  { events, sessions }: Reads,
  filter: SplitFilter,
  cost: ReadCost,
): Promise<UserRow[]> {
  if (!events || !sessions) return [];
  const keys = new Set(["session_key", "started_at", "ended_at", "generation", "epoch"]);
  const index = new SessionIndex(sessions.columns.filter((name) => !keys.has(name)));
  for await (const view of sessionViews(lake, project, snapshot, sessions, cost)) index.add(view);
  const people = new People(db, project);
  const users = new Map<string, Draft>();
  const turn = new Turn(TURN_BYTES);
  for await (const batch of batchesOf(lake, snapshot.events, project, events, cost)) {
    const view = viewOf("events", { ...batch, alive: null }, index);
    await people.load(view);
    if (turn.isOver(ROW_WORK * view.length)) await yieldControl();
    await inTurns(view.parseProperties(dimensionsOf(filter.own)), turn);
    addBatch(users, view, filter, people.since(view));
  }
  return [...users.values()].map((draft) => ({ ...draft, sessions: draft.sessions.size }));
}

function addBatch(
  users: Map<string, Draft>,
  view: BatchView,
  filter: SplitFilter,
  since: Float64Array,
): void {
  const ids = view.column("distinct_id");
  const names = view.column("event_name");
  const places = view.sessions();
  const mask = view.mask(filter.own, view.dataset.except);
  for (let row = 0; row < view.length; row++) {
    const code = ids.codes[row]!;
    const id = ids.dictionary[code];
    const time = view.times[row]!;
    if (id == null || time < since[code]! || (mask && !mask[row])) continue;
    let user = users.get(id);
    if (!user) {
      user = {
        distinct_id: id,
        first_seen: time,
        last_seen: time,
        events: 0,
        pageviews: 0,
        sessions: new Set(),
      };
      users.set(id, user);
    }
    user.first_seen = Math.min(user.first_seen, time);
    user.last_seen = Math.max(user.last_seen, time);
    user.events++;
    if (names.dictionary[names.codes[row]!] === PAGE_VIEW) user.pageviews++;
    if (places[row]! >= 0) user.sessions.add(places[row]!);
  }
}
