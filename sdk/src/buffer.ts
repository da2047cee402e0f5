/**
 * Events wait two seconds or for nine others, then leave as a batch that keeps its id however often it is sent.
 * @module
 */
import { attempt } from "./lib/attempt.ts";
import { random } from "./lib/random.ts";
import { type Batch, batches, IDLE, send } from "./send.ts";
import type { SentBatch, SentEvent } from "./wire.ts";

const WAIT_MS = 2000;
const MAX_EVENTS = 10;
/** Batches kept through an outage; what comes after them is let go. */
const MAX_BATCHES = 50;

let queue: SentEvent[] = [];
let timer = 0;

/** Put an event on its way. */
export const enqueue = (event: SentEvent): void => {
  queue.push(event);
  if (queue.length >= MAX_EVENTS) flush();
  else timer ||= setTimeout(attempt, WAIT_MS, flush) as unknown as number;
};

/** Send what waits; on leaving also what waits to be tried again. */
export const flush = (leaving?: boolean): void => {
  clearTimeout(timer);
  timer = 0;
  const events = queue;
  queue = [];
  if (events.length && batches.size < MAX_BATCHES) {
    const body: SentBatch = { batch_id: random(), events };
    batches.add({ _body: JSON.stringify(body), _tries: 0, _timer: IDLE });
  }
  batches.forEach((batch: Batch) => {
    if (leaving ? batch._timer : batch._timer === IDLE) send(batch);
  });
};
