/**
 * Lists: raw events, sessions, users; newest first, by cursor.
 * @module
 */

import type { Query } from "../../../../schema/wire/query";
import type { Stores } from "../../../lib/stores";
import { type RowOf, retryAfterMerge } from "../../../pipeline/lake";
import type { ProjectState } from "../execute/snapshot-store";
import { parse, type QueryContext } from "../parse";
import { isRefusal, type Refusal } from "../parse/refusal";
import type { Budget } from "../plan";
import { subqueriesOf } from "../plan/subquery";
import { type Position, readCursor, writeCursor } from "./position";
import { newestRows } from "./rows";
import { listUsers, type UserRow } from "./users";
import type { Listed } from "./whole-rows";

/** The rows to list: a query without metrics, and the page. */
export interface ListRequest {
  query: Pick<Query, "range" | "filters" | "timezone">;
  limit: number;
  /** `next_cursor` of the page before. */
  cursor?: string;
  budget?: Budget;
}

export interface ListPage<Row> {
  rows: Row[];
  next_cursor: string | null;
  /** Of all pages; null when it must be requested separately. */
  total: number | null;
  rows_scanned: number;
  bytes_scanned: number;
  complete_until: number | null;
}

/** Raw events, also those that are not folded yet. */
export const listEvents = (
  stores: Stores,
  context: QueryContext,
  state: ProjectState,
  request: ListRequest,
) => listRows("events", stores, context, state, request);

/** Sessions that start in the range, open ones too. */
export const listSessions = (
  stores: Stores,
  context: QueryContext,
  state: ProjectState,
  request: ListRequest,
) => listRows("sessions", stores, context, state, request);

async function listRows<D extends Listed>(
  dataset: D,
  stores: Stores,
  context: QueryContext,
  state: ProjectState,
  request: ListRequest,
): Promise<ListPage<RowOf<D>> | Refusal> {
  const asked = prepare(dataset, context, request);
  if (isRefusal(asked)) return asked;
  const { limit, budget } = request;
  const found = await retryAfterMerge(() =>
    newestRows(stores, context.project, state, { dataset, ...asked, limit, budget }),
  );
  return isRefusal(found) ? found : { ...pageOf(found), rows: found.rows, total: null };
}

/** People named by an identify event before an event of theirs in the range. */
export async function listPeople(
  stores: Stores,
  context: QueryContext,
  state: ProjectState,
  request: ListRequest,
): Promise<ListPage<UserRow> | Refusal> {
  const asked = prepare("events", context, request);
  if (isRefusal(asked)) return asked;
  const { limit, budget } = request;
  const found = await retryAfterMerge(() =>
    listUsers(stores, context.project, state, { ...asked, limit, budget }),
  );
  return isRefusal(found) ? found : { ...pageOf(found), rows: found.rows, total: found.total };
}

function prepare(dataset: string, context: QueryContext, { query, cursor }: ListRequest) {
  const parsed = parse({ ...query, dataset, metrics: [dataset] }, context);
  if (isRefusal(parsed)) return parsed;
  const after = readCursor(cursor);
  if (after && isRefusal(after)) return after;
  return { subquery: subqueriesOf(parsed, parsed.parts[0]!).rows, after };
}

function pageOf(found: {
  next: Position | null;
  cost: { rows: number; bytes: number };
  snapshot: { project: ProjectState };
}) {
  return {
    next_cursor: found.next && writeCursor(found.next),
    rows_scanned: found.cost.rows,
    bytes_scanned: found.cost.bytes,
    complete_until: found.snapshot.project.complete_until,
  };
}
