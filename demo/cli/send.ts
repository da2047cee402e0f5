/**
 * Sends events to the import endpoint, in batches that can be repeated without being counted twice.
 * @module
 */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import type { IngestAnswer, importEventSchema } from "../../schema/wire/event.ts";
import { type Target, UsageError } from "./target.ts";

/** An event as the import endpoint takes it. */
export type SentEvent = z.input<typeof importEventSchema>;

/** The response to a batch: `dropped` events are stored, but excluded from the statistics. */
export type ImportAnswer = IngestAnswer & { dropped?: Record<string, number> };

/** One request: at most 500 events and 1 MiB of JSON. */
export interface Batch {
  /** The same for the same content, run after run: 1–64 letters, digits, `_.:-`. */
  batch_id: string;
  events: SentEvent[];
}

/** A batch whose id is a hash of its events: the same events are the same request. */
export function namedBatch(prefix: string, events: SentEvent[]): Batch {
  const hash = createHash("sha256").update(JSON.stringify(events)).digest("base64url");
  return { batch_id: `${prefix}-${hash.slice(0, 22)}`, events };
}

/** Most events of one request. */
export const BATCH_EVENTS = 500;
/** Most bytes of one request. */
export const BATCH_BYTES = 1024 * 1024;
const TRIES = 8;
const BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
const CONCURRENCY = 3;

/** Sends all batches, a few at a time, and reports each response. Throws at the first permanent refusal. */
export async function sendAll<B extends Batch>(
  target: Target,
  batches: AsyncIterable<B> | Iterable<B>,
  onAnswer: (answer: ImportAnswer, batch: B) => void,
): Promise<void> {
  const queue = iterate(batches);
  const work = async () => {
    for (let next = await queue.next(); !next.done; next = await queue.next()) {
      onAnswer(await send(target, next.value), next.value);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

/** An async generator answers calls of `next` one by one, so that several workers may share it. */
async function* iterate<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

async function send(target: Target, { batch_id, events }: Batch): Promise<ImportAnswer> {
  const body = JSON.stringify({ batch_id, events });
  let signedInAgain = false;
  for (let tried = 1; ; tried++) {
    const response = await post(target, body, signedInAgain);
    if (typeof response !== "string" && response.ok) return (await response.json()) as ImportAnswer;
    const status = typeof response === "string" ? 503 : response.status;
    const passing = status === 429 || status >= 500;
    if (tried >= TRIES || !(passing || (status === 401 && !signedInAgain))) {
      throw new UsageError(await explain(response, target));
    }
    signedInAgain ||= status === 401;
    if (passing) await sleep(pauseMs(response, tried));
  }
}

/** The response, or the error as text. */
async function post(target: Target, body: string, signInAgain: boolean): Promise<Response | string> {
  const authorization = `Bearer ${await target.token(signInAgain)}`;
  return await fetch(`${target.url}/api/v1/projects/${target.project}/import`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization },
    body,
  }).catch((error: unknown) => String(error));
}

function pauseMs(response: Response | string, tried: number): number {
  const afterMs = typeof response === "string" ? 0 : Number(response.headers.get("retry-after")) * 1000;
  return afterMs || Math.min(BACKOFF_MS * 2 ** tried, MAX_BACKOFF_MS) * (0.5 + Math.random() / 2);
}

async function explain(response: Response | string, { url, project }: Target): Promise<string> {
  if (typeof response === "string") return `No response from ${url}: ${response}`;
  const { title = "", detail = "" } = (await response.json().catch(() => ({}))) as Record<string, string>;
  return `${url} refused the events for project ${project} (${response.status}): ${title} ${detail}`.trim();
}
