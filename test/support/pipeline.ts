/**
 * A shard in a test: messages in, rollups out, over the real D1 and R2 of the pool.
 * @module
 */
import { env } from "cloudflare:workers";
import { CONTEXT_COLUMNS, pick, STEP_COLUMNS } from "../../schema/wire/columns";
import { MAX_MESSAGE_BYTES, MESSAGE_VERSION, type Message } from "../../schema/wire/message";
import type { EventRow } from "../../schema/wire/row";
import { OpenPages, type SessionPage } from "../../worker/pipeline/rollup";
import { rollupsOf, SELECT_ROLLUPS, type StoredRollup } from "./derived-rollups";

/** Creates the fold state of a new project. */
export async function addProject(project: string, timezone = "UTC"): Promise<void> {
  await env.SHARD_0.prepare("INSERT INTO fold_state (project, timezone) VALUES (?1, ?2)")
    .bind(project, timezone)
    .run();
}

/** A message with the rows, as ingest would send them. */
export function messageOf(key: string, rows: readonly EventRow[], receivedAt: number): Message {
  const project_id = rows[0]?.project_id ?? "p1";
  const message: Message = {
    version: MESSAGE_VERSION,
    key: `${project_id}/${key}/0`,
    project_id,
    content: null,
    own_ids: true,
    sender: null,
    received_at: receivedAt,
    contexts: [],
    events: [],
    refused: {},
  };
  for (const row of rows) {
    message.contexts.push({ ...pick(row, CONTEXT_COLUMNS), anonymous_id: row.visitor_id });
    const context = message.contexts.length - 1;
    message.events.push({ ...pick(row, STEP_COLUMNS), context, drop_reason: row.drop_reason });
  }
  if (JSON.stringify(message).length > 10 * MAX_MESSAGE_BYTES)
    throw new Error("a test message is far too large");
  return message;
}

/** All derived data of a project, in a form that does not depend on the order in which values arrived. */
export async function derivedState(
  project: string,
): Promise<{ rollups: Record<string, unknown>; open: unknown[] }> {
  const rows = await env.SHARD_0.prepare(SELECT_ROLLUPS).bind(project).all<StoredRollup>();
  const pages = await env.SHARD_0.prepare("SELECT page, body FROM open_sessions WHERE project = ?1")
    .bind(project)
    .all<SessionPage>();
  const open = [...new OpenPages(pages.results).byPage()]
    .flat()
    .sort((a, b) => a.started_at - b.started_at || (a.key < b.key ? -1 : 1));
  return { rollups: rollupsOf(rows.results), open };
}
