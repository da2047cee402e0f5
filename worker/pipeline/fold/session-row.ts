/**
 * A session as a row of the lake.
 * @module
 */
import type { SessionRow } from "../../../schema/wire/derived";
import { isBounce, type Session } from "../rollup";

export function sessionRow(project: string, session: Session, epoch: number): SessionRow {
  const { key, started_at, ended_at, visitor_id, distinct_id, hostname } = session;
  const { events, pageviews, engaged_ms, entry_path, exit_path, fields } = session;
  return {
    project_id: project,
    session_key: key,
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
