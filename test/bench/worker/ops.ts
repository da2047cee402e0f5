/**
 * Operations of the bench Worker.
 * @module
 */
import { generate } from "../../../demo/traffic/index.ts";
import type { Message } from "../../../schema/wire/message.ts";
import { deriveMarked, foldAll, merge, seal } from "../../../worker/pipeline/fold";
import { collectGarbage } from "../../../worker/pipeline/fold/tidy";
import { bodiesOf } from "../../../worker/pipeline/ingest/send";
import { commit, consume } from "../../../worker/pipeline/queue";
import { countedBucket, countedDatabase, noOperations, type Operations } from "./count.ts";
import { Messages } from "./messages.ts";

/** A stream of traffic as deliveries of the queue. */
export interface Stream {
  projects: string[];
  seed: number;
  /** Epoch ms, half-open. */
  from: number;
  to: number;
  /** Events in the range, without engagement and bots' events. */
  events: number;
  /** Events a message. */
  size: number;
  /** Messages a delivery. */
  messages: number;
  /** Share of the messages whose events are of the day before. */
  late?: number;
}

/** Delivered events and operations. */
export interface Delivered {
  events: number;
  messages: number;
  deliveries: number;
  /** Written, read and deleted, each per 64 KB (Queues › Pricing). */
  queue_operations: number;
  /** The same when `shared` requests share a message. */
  shared_operations: number;
}

const UNIT_BYTES = 64_000;

/** The counted stores of this Worker, and its state. */
export class Ops {
  readonly #counts: Operations = noOperations();
  readonly #stores: { db: D1Database; lake: R2Bucket };
  /** Not counted: it also lists. */
  readonly #lake: R2Bucket;
  /** Deliveries that are prepared and not consumed. */
  #ready: Message[][] = [];
  #stream: Iterator<Message[]> = [][Symbol.iterator]();
  #until = 0;
  #serial = 0;
  /** One message in as many is a day late; 0: none. */
  #lateEach = 0;
  #taken = 0;

  constructor(db: D1Database, lake: R2Bucket) {
    this.#lake = lake;
    this.#stores = { db: countedDatabase(db, this.#counts), lake: countedBucket(lake, this.#counts) };
  }

  /** Creates the projects' fold states. */
  async projects({ projects }: { projects: string[] }): Promise<{ projects: number }> {
    await this.#stores.db
      .prepare("INSERT OR IGNORE INTO fold_state (project) SELECT value FROM json_each(?1)")
      .bind(JSON.stringify(projects))
      .run();
    return { projects: projects.length };
  }

  /** Opens a stream; the previous one is discarded. */
  async open({ projects, size, messages, late = 0, ...traffic }: Stream): Promise<{ open: true }> {
    this.#stream = deliveries(new Messages(projects, size), traffic, messages);
    this.#lateEach = late > 0 ? Math.round(1 / late) : 0;
    this.#ready = [];
    return { open: true };
  }

  /** Prepares all deliveries of the stream. Returns their number. */
  async make(_: Record<string, never>): Promise<{ deliveries: number }> {
    for (let next = this.#stream.next(); !next.done; next = this.#stream.next()) this.#ready.push(next.value);
    return { deliveries: this.#ready.length };
  }

  /** Passes deliveries to the consumer until one ends at or after `before`, or there were `limit` of them. */
  async consume({
    limit,
    before,
    now,
    shared = 1,
  }: {
    limit: number;
    before?: number;
    now?: number;
    shared?: number;
  }): Promise<Delivered> {
    const done: Delivered = {
      events: 0,
      messages: 0,
      deliveries: 0,
      queue_operations: 0,
      shared_operations: 0,
    };
    while (done.deliveries < limit) {
      const messages = this.#take(before ?? Number.POSITIVE_INFINITY);
      if (!messages) break;
      if (this.#lateEach && ++this.#taken % this.#lateEach === 0)
        for (const message of messages) delay(message);
      const batch = this.#batchOf(messages);
      const consumer = { ...this.#stores, wake: async () => {}, push: async () => {} };
      await consume(batch.messages, consumer, now ?? timeOf(messages));
      done.deliveries++;
      done.messages += messages.length;
      done.events += messages.reduce((sum, message) => sum + message.events.length, 0);
      if (before === undefined) continue;
      done.queue_operations += operationsOf(messages, 1);
      done.shared_operations += operationsOf(messages, shared);
    }
    return done;
  }

  /** Commits the next deliveries as they are, whatever their size: a fast way to fill a lake. */
  async load({ limit, now }: { limit: number; now: number }): Promise<{ events: number; done: boolean }> {
    let events = 0;
    for (let count = 0; count < limit; count++) {
      const messages = this.#take(Number.POSITIVE_INFINITY);
      if (!messages) return { events, done: true };
      await commit(this.#stores, messages, now);
      events += messages.reduce((sum, message) => sum + message.events.length, 0);
    }
    return { events, done: false };
  }

  async fold({ now }: { now: number }): Promise<{ events: number; until: number }> {
    const { events, until } = await foldAll(this.#stores, this.#until, now);
    this.#until = until;
    return { events, until };
  }

  async derive({ now, limit }: { now: number; limit: number }): Promise<{ days: number }> {
    const derived = await deriveMarked(this.#stores, now, { limit });
    return { days: [...derived.values()].reduce((sum, days) => sum + days, 0) };
  }

  async merge({ now }: { now: number }): Promise<{ merges: number }> {
    return { merges: await merge(this.#stores, this.#until, now) };
  }

  async seal({ now }: { now: number }): Promise<{ sealed: true }> {
    await seal(this.#stores, now);
    return { sealed: true };
  }

  /** A round of the folder as its alarm does it: sealing every ten minutes, collecting every hour. Returns its ms. */
  async round({
    now,
    seals,
    collects,
  }: {
    now: number;
    seals: boolean;
    collects: boolean;
  }): Promise<{ ms: number }> {
    const started = Date.now();
    await this.fold({ now });
    await deriveMarked(this.#stores, now, { dueOnly: true });
    await merge(this.#stores, this.#until, now);
    if (seals) await seal(this.#stores, now);
    if (collects) await collectGarbage({ ...this.#stores, lake: this.#lake }, this.#until, now);
    return { ms: Date.now() - started };
  }

  /** What is stored, and the sites with events whose days before `sealedBefore` are not sealed. */
  async sizes({ sealedBefore }: { sealedBefore: number }) {
    const { results, meta } = await this.#stores.db
      .prepare(
        `SELECT (SELECT count(*) FROM segments WHERE dead_at IS NULL) AS live,
           (SELECT count(*) FROM segments WHERE dead_at IS NOT NULL) AS dead,
           (SELECT count(*) FROM fold_state WHERE first_event_at < ?1 AND sealed_until < ?1) AS unsealed`,
      )
      .bind(sealedBefore)
      .all<{ live: number; dead: number; unsealed: number }>();
    const { live = 0, dead = 0, unsealed = 0 } = results[0] ?? {};
    let [objects, bytes] = [0, 0];
    for (let cursor: string | undefined; ; ) {
      const page: R2Objects = await this.#lake.list(cursor === undefined ? {} : { cursor });
      objects += page.objects.length;
      bytes += page.objects.reduce((sum, { size }) => sum + size, 0);
      if (!page.truncated) break;
      cursor = page.cursor;
    }
    const [d1Mb, lakeMb] = [meta.size_after / 1e6, bytes / 1e6];
    return { liveSegments: live, deadSegments: dead, unsealed, objects, lakeMb, d1Mb };
  }

  /** Operations since the last reading. */
  async operations(_: Record<string, never>): Promise<Operations> {
    const counts = { ...this.#counts };
    Object.assign(this.#counts, noOperations());
    return counts;
  }

  /** Rows and bytes of data stored between folds. */
  async pages(_: Record<string, never>): Promise<{ pages: number; bytes: number }> {
    const row = await this.#stores.db
      .prepare("SELECT count(*) AS pages, coalesce(sum(length(body)), 0) AS bytes FROM open_sessions")
      .first<{ pages: number; bytes: number }>();
    return row ?? { pages: 0, bytes: 0 };
  }

  #take(before: number): Message[] | undefined {
    if (!this.#ready.length) {
      const next = this.#stream.next();
      if (next.done) return undefined;
      this.#ready.push(next.value);
    }
    const [first] = this.#ready;
    if (!first || timeOf(first) >= before) return undefined;
    return this.#ready.shift();
  }

  #batchOf(messages: readonly Message[]): MessageBatch {
    const bodies = messages.map((body) => ({
      id: String(this.#serial++),
      timestamp: new Date(body.received_at),
      body,
      attempts: 1,
      ack: () => {},
      retry: () => {
        throw new Error("bench: a delivery failed; see the log");
      },
    }));
    const batch: Pick<MessageBatch, "queue" | "messages"> = { queue: "selvedge-events", messages: bodies };
    return batch as MessageBatch;
  }
}

/** Operations of the queue for messages, so many requests at a time. */
function operationsOf(messages: readonly Message[], together: number): number {
  let operations = 0;
  for (let at = 0; at < messages.length; at += together)
    for (const { bytes } of bodiesOf(messages.slice(at, at + together)))
      operations += 3 * Math.ceil(bytes / UNIT_BYTES);
  return operations;
}

const timeOf = (messages: readonly Message[]): number => messages.at(-1)?.received_at ?? 0;

function* deliveries(
  messages: Messages,
  traffic: Parameters<typeof generate>[0],
  size: number,
): Generator<Message[], undefined> {
  let delivery: Message[] = [];
  for (const event of generate(traffic)) {
    delivery.push(...messages.add(event));
    if (delivery.length >= size) {
      yield delivery;
      delivery = [];
    }
  }
  delivery.push(...messages.rest());
  if (delivery.length) yield delivery;
}

/** The result of each operation. */
export type Answers = { [Name in keyof Ops]: Awaited<ReturnType<Ops[Name]>> };

/** Calls an operation of the Worker. */
export type Ask = <Name extends keyof Ops>(
  op: Name,
  args: Parameters<Ops[Name]>[0],
) => Promise<Answers[Name]>;

/** Moves the events of a message to the day before it is received. */
function delay(message: Message): void {
  for (const event of message.events) event.timestamp -= 24 * 3_600_000;
}
