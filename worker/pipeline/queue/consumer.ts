/**
 * The queue's consumers: deliveries of events are committed, live rooms are notified, the folder is woken. Dead letters
 * are stored with their reason.
 * @module
 */
import type { DeadLetterRow } from "../../../schema/tables/shard";
import { type Message, messageSchema } from "../../../schema/wire/message";
import type { EventRow } from "../../../schema/wire/row";
import { logError } from "../../lib/log";
import type { Stores } from "../../lib/stores";
import { MINUTE_MS, SECOND_MS } from "../../lib/time";
import { yieldControl } from "../../lib/yield";
import { findApplied, storeDeadLetters, tablesFor, withTables } from "../commits";
import type { Watch } from "../live";
import { commit } from "./commit";

/** A message that was delivered this often without success is processed alone, so that it cannot delay the others. */
const ALONE_AFTER = 3;
/** Messages parsed between yields: some hundred events. */
const MESSAGES_A_STEP = 40;
const MAX_RETRY_MS = 10 * MINUTE_MS;

/** What the consumer needs besides storage. */
export interface Consumer extends Stores {
  /** Wakes the shard's folder. */
  wake(): Promise<void>;
  /** Sends committed events to the rooms of watched projects. */
  push(rows: EventRow[], watches: Watch[]): Promise<void>;
}

/** Handles a delivery of the events queue. Every message is acknowledged, stored as a dead letter, or retried. */
export async function consume(batch: MessageBatch, consumer: Consumer, now: number): Promise<void> {
  const { good, bad } = await parse(batch);
  if (bad.length) {
    await storeDeadLetters(
      consumer.db,
      bad.map(({ delivery, reason }) => letterOf(delivery, reason, now)),
    );
    for (const { delivery } of bad) delivery.ack();
  }
  const alone = good.filter(({ delivery }) => delivery.attempts > ALONE_AFTER);
  const together = good.filter(({ delivery }) => delivery.attempts <= ALONE_AFTER);
  for (const part of [together, ...alone.map((one) => [one])])
    if (part.length) await apply(part, consumer, now);
  await consumer.wake();
}

interface Delivered {
  delivery: globalThis.Message;
  message: Message;
}

async function apply(part: readonly Delivered[], consumer: Consumer, now: number): Promise<void> {
  try {
    const { applied, rows, watches } = await commit(
      consumer,
      part.map(({ message }) => message),
      now,
    );
    for (const { delivery, message } of part) {
      if (applied.has(message.key)) delivery.ack();
      else delivery.retry();
    }
    if (rows.length && watches.length) await consumer.push(rows, watches);
  } catch (error) {
    logError("A delivery could not be committed", error, { messages: part.length });
    for (const { delivery } of part) delivery.retry({ delaySeconds: backOff(delivery.attempts) / SECOND_MS });
  }
}

/** 2 s, 4 s, 8 s, … 10 minutes: 100 deliveries outlast an outage of most of a day. */
function backOff(attempts: number): number {
  return Math.min(MAX_RETRY_MS, SECOND_MS * 2 ** Math.min(attempts, 20));
}

async function parse(batch: MessageBatch): Promise<{
  good: Delivered[];
  bad: { delivery: globalThis.Message; reason: string }[];
}> {
  const good: Delivered[] = [];
  const bad: { delivery: globalThis.Message; reason: string }[] = [];
  for (const [index, delivery] of batch.messages.entries()) {
    if (index % MESSAGES_A_STEP === MESSAGES_A_STEP - 1) await yieldControl();
    const parsed = messageSchema.safeParse(delivery.body);
    if (parsed.success) good.push({ delivery, message: parsed.data });
    else {
      const issue = parsed.error.issues[0];
      bad.push({
        delivery,
        reason: `invalid message: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unknown"}`,
      });
    }
  }
  return { good, bad };
}

/** Stores a delivery of the dead-letter queue. Messages that were applied after all are only acknowledged. */
export async function consumeDeadLetters(batch: MessageBatch, db: D1Database, now: number): Promise<void> {
  const letters = batch.messages.map((delivery) =>
    letterOf(delivery, "delivered 100 times without success", now),
  );
  const tables = tablesFor(
    letters.map((letter) => receivedAt(letter.body) ?? now),
    now,
  );
  const keys = letters.flatMap((letter) => letter.key ?? []);
  const applied = await withTables(db, tables, () => findApplied(db, tables, keys));
  const dead = letters.filter((letter) => letter.key === null || !applied.has(letter.key));
  if (dead.length) await storeDeadLetters(db, dead);
  batch.ackAll();
}

function letterOf(delivery: globalThis.Message, reason: string, now: number): DeadLetterRow {
  const body: unknown = delivery.body;
  const field = (name: string): string | null => {
    const value: unknown = typeof body === "object" && body !== null ? Reflect.get(body, name) : null;
    return typeof value === "string" ? value : null;
  };
  return {
    id: delivery.id,
    project: field("project_id"),
    key: field("key"),
    reason,
    body: JSON.stringify(body) ?? "null",
    attempts: delivery.attempts,
    failed_at: now,
    replayed_at: null,
  };
}

function receivedAt(body: string): number | null {
  const parsed: unknown = JSON.parse(body);
  const value: unknown =
    typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, "received_at") : null;
  return typeof value === "number" ? value : null;
}
