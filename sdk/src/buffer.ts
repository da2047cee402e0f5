/**
 * Events are sent in batches: at ten, else every two seconds, the first after a pause sooner. A batch has the same id
 * in all retries. The id starts with its time, which lets the server store many ids in one row.
 * @module
 */
import { attempt } from "./lib/attempt.ts";
import { random } from "./lib/random.ts";
import { type Batch, batches, IDLE, send } from "./send.ts";
import type { SentBatch, SentEvent } from "./wire.ts";

const WAIT_MS = 2000;
/** Sooner after a pause, for live views; by then, routers have set the title. */
const FIRST_WAIT_MS = 400;
const MAX_EVENTS = 10;
/** Most batches queued during an outage; later ones are discarded. */
const MAX_BATCHES = 50;

let queue: SentEvent[] = [];
let timer = 0;
let last = -WAIT_MS;

/** Queue an event. */
export const enqueue = (event: SentEvent): void => {
  queue.push(event);
  if (queue.length >= MAX_EVENTS) flush();
  else {
    const wait = Math.max(FIRST_WAIT_MS, last + WAIT_MS - performance.now());
    timer ||= setTimeout(attempt, wait, flush) as unknown as number;
  }
};

/** Send queued events; on leaving also batches that wait for a retry. */
export const flush = (leaving?: boolean): void => {
  clearTimeout(timer);
  timer = 0;
  last = performance.now();
  const events = queue;
  queue = [];
  if (events.length && batches.size < MAX_BATCHES) {
    const body: SentBatch = { batch_id: `${Date.now()}-${random()}`, events };
    batches.add({ _body: JSON.stringify(body), _tries: 0, _timer: IDLE });
  }
  batches.forEach((batch: Batch) => {
    if (leaving ? batch._timer : batch._timer === IDLE) send(batch);
  });
};
