/**
 * The consumer of the events queue: deliveries are committed, live rooms are notified, the folder is woken.
 * @module
 */
import type { EventRow } from "../../../schema/wire/row";
import { logError } from "../../lib/log";
import type { Stores } from "../../lib/stores";
import type { Watch } from "../live";
import { retryLater } from "./backoff";
import { commit } from "./commit";
import { park } from "./park";
import { type Delivered, parseDelivery, type Unreadable } from "./parse";
import type { Part } from "./split";
import { canRead } from "./store";

/** A message that cannot be read waits for this many deliveries, over an hour: a newer Worker may be deploying. */
const UNREADABLE_ATTEMPTS = 12;
/** From this delivery on, a delivery that fails is halved to find the message that fails; before, it is an outage. */
const HALVE_FROM = 3;
/** Failures in a row without a success after which halving stops: storage does not work. */
const MAX_FAILURES = 12;
/** A message that fails alone is parked from this delivery on, after a quarter of an hour. */
const PARK_FROM = 10;

/** Reason of a dead letter whose request was accepted where its key was not known yet. */
const REUSED = "the idempotency key was used with other content: send these events with another key";

/** What the consumer needs besides storage. */
export interface Consumer extends Stores {
  /** Wakes the shard's folder. */
  wake(): Promise<void>;
  /** Sends committed events to the rooms of watched projects. */
  push(rows: EventRow[], watches: Watch[]): Promise<void>;
}

/** Handles the messages of the events queue that belong to one shard. Every message is acknowledged, parked as a dead letter, or retried. */
export async function consume(messages: readonly Part[], consumer: Consumer, now: number): Promise<void> {
  const { readable, unreadable } = await parseDelivery(messages);
  await handleUnreadable(unreadable, consumer, now);
  await new Application(consumer, now).apply(readable);
  await consumer.wake();
}

async function handleUnreadable(messages: readonly Unreadable[], consumer: Consumer, now: number) {
  const isOld = ({ delivery }: Unreadable) => delivery.attempts >= UNREADABLE_ATTEMPTS;
  for (const message of messages) if (!isOld(message)) retryLater(message.delivery);
  await park(consumer, messages.filter(isOld), now);
}

/** Applies the messages of one delivery. */
class Application {
  /** Failures since the last success. */
  #failures = 0;

  constructor(
    readonly consumer: Consumer,
    readonly now: number,
  ) {}

  /** Commits the messages together; when that fails repeatedly, each half, until those that fail are found. */
  async apply(part: readonly Delivered[]): Promise<void> {
    if (!part.length) return;
    if (this.#failures >= MAX_FAILURES) return retryAll(part);
    try {
      await this.#commit(part);
      this.#failures = 0;
    } catch (error) {
      this.#failures++;
      await this.#handleFailure(part, error);
    }
  }

  async #commit(part: readonly Delivered[]): Promise<void> {
    const messages = part.map(({ message }) => message);
    const { applied, reused, rows, watches } = await commit(this.consumer, messages, this.now);
    for (const { delivery, message } of part) if (applied.has(message)) delivery.ack();
    const refused = part.filter(({ message }) => reused.has(message));
    await park(
      this.consumer,
      refused.map(({ delivery }) => ({ delivery, reason: REUSED })),
      this.now,
    );
    if (rows.length && watches.length)
      await this.consumer
        .push(rows, watches)
        .catch((error) => logError("Committed events were not sent to live rooms", error));
  }

  async #handleFailure(part: readonly Delivered[], error: unknown): Promise<void> {
    const attempts = Math.max(...part.map(({ delivery }) => delivery.attempts));
    if (part.length > 1 && attempts >= HALVE_FROM) {
      const middle = part.length >> 1;
      await this.apply(part.slice(0, middle));
      await this.apply(part.slice(middle));
      return;
    }
    logError("A delivery could not be committed", error, { messages: part.length, attempts });
    const [only] = part;
    if (part.length === 1 && only && attempts >= PARK_FROM && (await canRead(this.consumer.db))) {
      const reason = `not applied after ${attempts} deliveries: ${error instanceof Error ? error.message : error}`;
      await park(this.consumer, [{ delivery: only.delivery, reason }], this.now);
    } else retryAll(part);
  }
}

function retryAll(part: readonly Delivered[]): void {
  for (const { delivery } of part) retryLater(delivery);
}
