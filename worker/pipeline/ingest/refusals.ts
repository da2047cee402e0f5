/**
 * Counts of requests that are refused as a whole. A flood of them must not cost a message each: the first ones of a period
 * are sent at once, so that a wrong setting is visible soon, the others together when the period ends. If the isolate
 * ends before, their count is lost.
 * @module
 */
import { ulid } from "ulid";
import type { DropReason } from "../../../schema/wire/row";
import { SECOND_MS } from "../../lib/time";
import { refusalMessage } from "./accept";
import { type MessageQueue, send } from "./send";

/** Well below the 30 seconds that work may take after a response (Workers › Runtime APIs › Context). */
const PERIOD_MS = 10 * SECOND_MS;
/** Messages of a project and reason in a period, before the one at its end. */
const AT_ONCE = 3;

/** A refused request. */
export interface Refused {
  project: string;
  reason: DropReason;
  /** Number of its events. */
  count: number;
  /** Idempotency key of the request. */
  key: string;
}

interface Period {
  /** Epoch ms. */
  startedAt: number;
  messages: number;
  /** Events to be sent at the end. */
  waiting: number;
}

/** Periods that are not over, by project and reason. */
const periods = new Map<string, Period>();

/** Counts a refused request. `after` runs work after the response. Resolves when what is sent at once is sent. */
export async function countRefused(
  queue: MessageQueue,
  refused: Refused,
  after: (work: Promise<unknown>) => void,
  { now = Date.now(), periodMs = PERIOD_MS } = {},
): Promise<void> {
  const { project, reason, count, key } = refused;
  const name = `${project} ${reason}`;
  let period = periods.get(name);
  // The work at the end of a period can be canceled with its request.
  if (!period || now > period.startedAt + 2 * periodMs) {
    period = { startedAt: now, messages: 0, waiting: period?.waiting ?? 0 };
    periods.set(name, period);
    after(endPeriod(queue, refused, period, periodMs));
  }
  if (period.messages++ < AT_ONCE) await send(queue, [refusalMessage(project, reason, count, key, now)]);
  else period.waiting += count;
}

async function endPeriod(
  queue: MessageQueue,
  { project, reason }: Refused,
  period: Period,
  periodMs: number,
): Promise<void> {
  await scheduler.wait(periodMs);
  const name = `${project} ${reason}`;
  if (periods.get(name) !== period) return;
  periods.delete(name);
  const now = Date.now();
  if (period.waiting) await send(queue, [refusalMessage(project, reason, period.waiting, ulid(now), now)]);
}
