/**
 * A session as a row of the lake.
 * @module
 */
import type { SessionRow } from "../../../schema/wire/derived";
import { isBounce, type Session } from "../rollup";
import type { FoldState } from "./store";

/** The row of a session of the state's generation, written at its epoch. */
export function sessionRow(
  { project, generation, epoch }: Pick<FoldState, "project" | "generation" | "epoch">,
  session: Session,
): SessionRow {
  const { key, started_at, ended_at, visitor_id, distinct_id, hostname } = session;
  const { events, pageviews, engaged_ms, entry_path, exit_path, fields } = session;
  return {
    project_id: project,
    session_key: key,
    generation,
    epoch,
    started_at,
    ended_at,
    visitor_id,
    distinct_id,
    events,
    pageviews,
    engaged_ms,
    bounce: isBounce(session),
    entry_path,
    exit_path,
    hostname,
    ...fields,
  };
}
