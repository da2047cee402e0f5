/**
 * Generations of the rows derived from a project's events. All rows of a generation are cut in one time zone: a change of
 * the zone builds the next one beside the current one, which answers until then (worker/pipeline/fold/zone-change.ts).
 * @module
 */

/** A project's rows in one time zone. Generations are numbered from 0; rows in the lake have the number, none is 0. */
export interface Generation {
  project: string;
  generation: number;
}

/**
 * The key of a generation in the column `project` of `rollups`, `derived_rollups`, `open_sessions`, `dirty_days` and
 * `derived_days`. Ids of projects have no `@`.
 */
export function rowsKey({ project, generation }: Generation): string {
  return generation === 0 ? project : `${project}@${generation}`;
}

/** The project of a key of `rowsKey`. */
export function projectOfKey(key: string): string {
  return key.split("@", 1)[0] ?? key;
}

/** `rowsKey` in SQL, of a row of `fold_state`. `generation`: the column with the number. */
export const rowsKeySql = (table: string, generation: "generation" | "last_generation") =>
  `iif(${table}.${generation} = 0, ${table}.project, ${table}.project || '@' || ${table}.${generation})`;
