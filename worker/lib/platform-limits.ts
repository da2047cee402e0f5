/**
 * Limits of the platform that the code must stay within, on the Workers Paid plan. Tests enforce them
 * (test/support/limits): local D1 and Queues accept more.
 * @module
 */

/** https://developers.cloudflare.com/d1/platform/limits/ */
export const D1_LIMITS = {
  /** Bytes of a string, BLOB or table row. A bound parameter is a string. */
  valueBytes: 2_000_000,
  /** Bytes of a statement's SQL text. */
  statementBytes: 100_000,
  /** Bound parameters of a statement. */
  parameters: 100,
  /** Bytes of a LIKE or GLOB pattern. */
  patternBytes: 50,
  /** Bytes of a query's result. */
  resultBytes: 50_000_000,
  /** Queries per invocation of a Worker, those of a batch counted one by one. */
  queriesPerInvocation: 1000,
} as const;

/** https://developers.cloudflare.com/queues/platform/limits/ */
export const QUEUE_LIMITS = {
  /** Bytes of one message. */
  messageBytes: 128_000,
  /** Messages of one `sendBatch`, and of one delivery. */
  batchMessages: 100,
  /** Bytes of one `sendBatch`. */
  batchBytes: 256_000,
} as const;
