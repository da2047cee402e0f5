/**
 * Identified users: a person counts as a user from the first event that named them.
 * @module
 */
import { IDENTIFY } from "../../../schema/wire/event";
import type { EventRow } from "../../../schema/wire/row";
import { type Person, peopleIn, selectPeople } from "./store";

export class People {
  #known: Map<string, number>;
  #changed = new Map<string, number>();

  /** `known`: distinct_id → when the person was first named. */
  constructor(known: Iterable<[string, number]>) {
    this.#known = new Map(known);
  }

  /** Learns from identify events. */
  learn(rows: Iterable<EventRow>): void {
    for (const row of rows) {
      if (row.event_name !== IDENTIFY || row.distinct_id === null) continue;
      const known = this.#known.get(row.distinct_id);
      if (known !== undefined && known <= row.timestamp) continue;
      this.#known.set(row.distinct_id, row.timestamp);
      this.#changed.set(row.distinct_id, row.timestamp);
    }
  }

  isUser(row: Pick<EventRow, "distinct_id" | "timestamp">): boolean {
    if (row.distinct_id === null) return false;
    const since = this.#known.get(row.distinct_id);
    return since !== undefined && since <= row.timestamp;
  }

  /** People named for the first time, or earlier than known before. */
  changed(project: string): Person[] {
    return [...this.#changed].map(([distinct_id, identified_at]) => ({
      project,
      distinct_id,
      identified_at,
    }));
  }
}

/** Reads which of the people in the rows are known. */
export async function readPeople(
  db: D1Database,
  project: string,
  rows: readonly EventRow[],
): Promise<People> {
  const ids = new Set(rows.flatMap(({ distinct_id }) => (distinct_id === null ? [] : [distinct_id])));
  const pairs = [...ids].map((id): [string, string] => [project, id]);
  const known = ids.size ? peopleIn(await db.batch(selectPeople(db, pairs))) : [];
  return new People(known.map((person) => [person.distinct_id, person.identified_at]));
}
