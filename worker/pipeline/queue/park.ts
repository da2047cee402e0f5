/**
 * Parking messages as dead letters: those that cannot be read or applied, and the deliveries of the dead-letter queue.
 * @module
 */
import { logError } from "../../lib/log";
import type { Stores } from "../../lib/stores";
import { type DeadLetter, findApplied, storeDeadLetters, tablesFor, withTables } from "../commits";
import { retryLater } from "./backoff";
import type { Part } from "./split";

/**
 * Stores messages as dead letters and acknowledges them. When that fails they are delivered again: so an outage is never
 * mistaken for a message that cannot be processed.
 */
export async function park(
  stores: Stores,
  messages: readonly { delivery: Part; reason: string }[],
  now: number,
): Promise<void> {
  if (!messages.length) return;
  try {
    await storeDeadLetters(
      stores,
      messages.map(({ delivery, reason }) => letterOf(delivery, reason, now)),
    );
    for (const { delivery } of messages) delivery.ack();
  } catch (error) {
    logError("Dead letters could not be stored", error, { messages: messages.length });
    for (const { delivery } of messages) retryLater(delivery);
  }
}

/** Stores a delivery of the dead-letter queue. Messages that were applied after all are only acknowledged. */
export async function consumeDeadLetters(
  messages: readonly Part[],
  stores: Stores,
  now: number,
): Promise<void> {
  const applied = await appliedIn(messages, stores.db, now);
  for (const delivery of messages) if (applied.has(keyIn(delivery))) delivery.ack();
  await park(
    stores,
    messages
      .filter((delivery) => !applied.has(keyIn(delivery)))
      .map((delivery) => ({ delivery, reason: "delivered 100 times without success" })),
    now,
  );
}

/** Keys of the batch that are applied; none when D1 cannot be read: the letters are in R2 then, and D1 follows. */
async function appliedIn(
  messages: readonly Part[],
  db: D1Database,
  now: number,
): Promise<ReadonlySet<string | null>> {
  const keys = messages.flatMap((delivery) => keyIn(delivery) ?? []);
  const received = messages.map(({ body }) => numberField(body, "received_at") ?? now);
  const tables = tablesFor(received, now);
  try {
    return new Set((await withTables(db, tables, () => findApplied(db, tables, keys))).keys());
  } catch (error) {
    logError("Applied keys of dead letters could not be read", error);
    return new Set();
  }
}

/** The project that a message's body names, also when the rest cannot be read. */
export const projectIn = (body: unknown): string | null => textField(body, "project_id");

const keyIn = ({ body }: Part): string | null => textField(body, "key");

function letterOf(delivery: Part, reason: string, now: number): DeadLetter {
  const { id, body, attempts } = delivery;
  return {
    id,
    project: projectIn(body),
    key: textField(body, "key"),
    reason,
    body: JSON.stringify(body) ?? "null",
    attempts,
    failed_at: now,
  };
}

function field(body: unknown, name: string): unknown {
  return typeof body === "object" && body !== null ? Reflect.get(body, name) : null;
}

function textField(body: unknown, name: string): string | null {
  const value = field(body, name);
  return typeof value === "string" ? value : null;
}

function numberField(body: unknown, name: string): number | null {
  const value = field(body, name);
  return typeof value === "number" ? value : null;
}
