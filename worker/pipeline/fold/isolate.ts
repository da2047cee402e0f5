/**
 * Isolation of projects in a fold: one that cannot be folded does not stop the others.
 * @module
 */
import { rowsKey } from "../../../schema/tables/generation";
import { isGuardFailure } from "../../lib/guard";
import { logError } from "../../lib/log";
import { advance, dropsOf } from "./advance";
import { type FoldStores, foldGroup, type Group, type GroupOutcome } from "./group";
import { readPeople } from "./people";
import { daysAround } from "./sessions";
import { addDrops, type FoldState, generationsOf, guard, markDirty, moveStates, writePeople } from "./store";

/**
 * Folds a group; when that fails, each of its projects alone; a project that fails alone is deferred. Projects are left when
 * the time is up.
 * @throws when a guard fails, or when a project cannot be deferred either: storage does not work then.
 */
export async function foldIsolated(stores: FoldStores, group: Group): Promise<GroupOutcome> {
  const outcome: GroupOutcome = { moved: [], dirty: 0 };
  try {
    await foldGroup(stores, group, outcome);
    return outcome;
  } catch (error) {
    if (isGuardFailure(error)) throw error;
    const [only] = group.states;
    if (group.states.length === 1 && only) return deferProject(stores, only, group, error);
  }
  const done = new Set(outcome.moved.map(({ project }) => project));
  for (const state of group.states) {
    if (done.has(state.project)) continue;
    if (outcome.moved.length && group.isTimeUp()) break;
    const { moved, dirty } = await foldIsolated(stores, { ...group, states: [state] });
    outcome.moved.push(...moved);
    outcome.dirty += dirty;
  }
  return outcome;
}

/**
 * Moves a project past commits that could not be folded, and marks the days of their events to be derived from the lake,
 * where the events are. Deriving handles its own failures (`postponeDays`).
 */
async function deferProject(
  { db }: FoldStores,
  state: FoldState,
  { commits, rows, now }: Group,
  error: unknown,
): Promise<GroupOutcome> {
  const { project } = state;
  const own = rows.get(project) ?? [];
  const days = generationsOf(state).flatMap((generation) => {
    const around = new Set(own.flatMap(({ timestamp }) => daysAround(timestamp, generation.timezone)));
    return [...around].map((day): [string, number] => [rowsKey(generation), day]);
  });
  const people = await readPeople(db, project, own);
  people.learn(own);
  const moved = advance(state, commits, own);
  await db.batch([
    guard(db, [state]),
    ...writePeople(db, people.changed(project)),
    ...markDirty(db, days, now),
    ...addDrops(db, dropsOf([state], commits, now)),
    moveStates(db, [moved]),
  ]);
  logError("A project could not be folded: its days are derived instead", error, {
    project,
    days: days.length,
  });
  return { moved: [moved], dirty: days.length };
}
