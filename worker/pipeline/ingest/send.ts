/**
 * Sends messages to the queue. Resolves when the queue has acknowledged them: only then may the response be 202.
 * @module
 */
import { Buffer } from "node:buffer";
import { MAX_MESSAGE_BYTES, type Message } from "../../../schema/wire/message";
import { logError } from "../../lib/log";

/** The part of a Queue that is used. */
export interface MessageQueue {
  sendBatch(messages: Iterable<MessageSendRequest<Message>>): Promise<unknown>;
}

/** Queues › Platform › Limits: 100 messages or 256 KB a batch, of which about 100 bytes a message are the Queue's. */
const MAX_BATCH_MESSAGES = 100;
const MAX_BATCH_BYTES = 250_000;

/** Whether everything was acknowledged. After false some messages may be in the queue: the sender repeats them all. */
export async function send(queue: MessageQueue, messages: Message[]): Promise<boolean> {
  try {
    for (const batch of batchesOf(messages)) {
      await queue.sendBatch(batch.map((body) => ({ body, contentType: "json" as const })));
    }
    return true;
  } catch (error) {
    logError("The queue refused messages", error, { messages: messages.length });
    return false;
  }
}

/** Cuts messages into batches within the limits. */
export function batchesOf(messages: Message[]): Message[][] {
  const only = messages[0];
  if (messages.length <= 1) return only ? [[only]] : [];
  const batches: Message[][] = [];
  let batch: Message[] = [];
  let filled = 0;
  for (const message of messages) {
    const bytes = messageBytes(message);
    if (batch.length > 0 && (batch.length === MAX_BATCH_MESSAGES || filled + bytes > MAX_BATCH_BYTES)) {
      batches.push(batch);
      batch = [];
      filled = 0;
    }
    batch.push(message);
    filled += bytes;
  }
  batches.push(batch);
  return batches;
}

/** Bytes of a message as the queue counts it. @throws RangeError over 64,000, which chunking prevents */
export function messageBytes(message: Message): number {
  const bytes = Buffer.byteLength(JSON.stringify(message));
  if (bytes > MAX_MESSAGE_BYTES) throw new RangeError(`message ${message.key} has ${bytes} bytes`);
  return bytes;
}
