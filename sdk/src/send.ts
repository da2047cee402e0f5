/**
 * Delivery of one batch: at most three retries, with increasing delays, or with the server's `Retry-After`.
 * @module
 */
import { isOptedOut } from "./consent.ts";

/** A batch that is neither in flight nor waiting for its timer: new, or waiting for the next flush. */
export const IDLE = -1;
const IN_FLIGHT = 0;
const RETRIES = 3;
const BACKOFF_MS = 1000;
/** Below a third of the 64 KiB that a browser allows for `keepalive` bodies: a character may take three bytes. */
const KEEPALIVE_LENGTH = 2e4;

/** Serialized once, so that the server recognizes a retry. */
export interface Batch {
  _body: string;
  _tries: number;
  /** `IDLE`, `IN_FLIGHT`, or the timer of its next try. */
  _timer: number;
}

/** All batches that the server has not accepted. */
export const batches: Set<Batch> = new Set();

let url: string;

/** Set the destination: the key in the URL and a plain text body make it a request without preflight. */
export const sendTo = (host: string, project: string): void => {
  url = `${host}/api/v1/events/ingest?key=${project}`;
};

/** Send a batch now. If the visitor has opted out meanwhile, all batches are discarded. */
export const send = async (batch: Batch): Promise<void> => {
  if (isOptedOut()) return batches.clear();
  clearTimeout(batch._timer);
  batch._timer = IN_FLIGHT;
  let after = 0;
  try {
    const keepalive = batch._body.length < KEEPALIVE_LENGTH;
    const { status, headers } = await fetch(url, {
      method: "POST",
      body: batch._body,
      keepalive,
      credentials: "omit",
    });
    if (status < 500 && status !== 429 && status !== 408) batches.delete(batch);
    after = Number(headers.get("retry-after"));
  } catch {}
  if (batches.has(batch)) retry(batch, after);
};

const retry = (batch: Batch, afterSeconds: number): void => {
  if (batch._tries < RETRIES) {
    const backoff = BACKOFF_MS * 2 ** batch._tries++ * (0.5 + Math.random());
    batch._timer = setTimeout(send, afterSeconds * 1000 || backoff, batch) as unknown as number;
  } else {
    batch._tries = 0;
    batch._timer = IDLE;
  }
};
