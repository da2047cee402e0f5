/**
 * Writes every version of a record to the lake; D1 stores only the latest.
 * @module
 */

import { ulid } from "ulid";
import type { RecordRow } from "../../../schema/wire/mart";
import type { Stores } from "../../lib/stores";
import { addSegment, writeSegment } from "../../pipeline/lake";
import type { Read, StreamKey } from "../records";

/**
 * Stores the changes of a read as a segment and returns the statement that adds it to the lake; undefined when nothing
 * changed. A segment whose commit fails is unreferenced and collected as garbage.
 */
export async function writeVersions(
  { db, lake }: Stores,
  key: StreamKey,
  { records = [], removed = [], days = [] }: Pick<Read, "records" | "removed" | "days">,
  now: number,
): Promise<D1PreparedStatement[]> {
  const { project, source, stream, account } = key;
  const row = (own: string, body: string | null): RecordRow => ({
    project_id: project,
    read_at: now,
    source_id: source,
    stream,
    account,
    key: own,
    op: body === null ? "remove" : "write",
    body,
  });
  const rows = [
    ...records.map((record) => row(record.key, record.body)),
    ...removed.map((own) => row(own, null)),
    // A version of a day contains all its parts; a day without parts was removed.
    ...days.flatMap(({ day, parts }) =>
      parts.length > 0
        ? parts.map(({ body }, i) => row(i === 0 ? day : `${day}/${i}`, body))
        : [row(day, null)],
    ),
  ];
  if (rows.length === 0) return [];
  const segment = await writeSegment(lake, "records", rows, { id: ulid(now), level: 0, seq: 0, now });
  return [addSegment(db, segment)];
}
