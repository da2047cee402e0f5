/**
 * Sends messages to the queue. Resolves when the queue has acknowledged them: only then may the response be 202.
 * @module
 */
import { Buffer } from "node:buffer";
import { MAX_MESSAGE_BYTES, type Message, type MessageBody } from "../../../schema/wire/message";
import { logError } from "../../lib/log";

/** The part of a Queue that is used. */
export interface MessageQueue {
  sendBatch(messages: Iterable<MessageSendRequest<MessageBody>>): Promise<unknown>;
}

/** Queues › Platform › Limits: 100 messages or 256 KB a batch, of which about 100 bytes a message are the Queue's. */
const MAX_BATCH_MESSAGES = 100;
const MAX_BATCH_BYTES = 250_000;
/** Bytes of the object around several messages. */
const GROUP_BYTES = Buffer.byteLength(JSON.stringify({ messages: [] }));

/** Whether everything was acknowledged. After false some messages may be in the queue: the sender repeats them all. */
export async function send(queue: MessageQueue, messages: readonly Message[]): Promise<boolean> {
  try {
    for (const batch of batchesOf(bodiesOf(messages))) {
      await queue.sendBatch(batch.map(({ body }) => ({ body, contentType: "json" as const })));
    }
    return true;
  } catch (error) {
    logError("The queue refused messages", error, { messages: messages.length });
    return false;
  }
}

/** A body with its bytes as the queue counts them. */
export interface SizedBody {
  body: MessageBody;
  bytes: number;
}

/** Packs messages into as few bodies of at most 64,000 bytes as their order permits. */
export function bodiesOf(messages: readonly Message[]): SizedBody[] {
  const [only] = messages;
  if (only && messages.length === 1) return [{ body: only, bytes: 0 }];
  const bodies: SizedBody[] = [];
  let group: Message[] = [];
  let filled = GROUP_BYTES;
  const close = () => {
    const [first] = group;
    if (first) bodies.push({ body: group.length === 1 ? first : { messages: group }, bytes: filled });
    group = [];
    filled = GROUP_BYTES;
  };
  for (const message of messages) {
    const bytes = messageBytes(message) + 1;
    if (filled + bytes > MAX_MESSAGE_BYTES) close();
    group.push(message);
    filled += bytes;
  }
  close();
  return bodies;
}

/** Cuts bodies into batches within the limits. */
export function batchesOf(bodies: readonly SizedBody[]): SizedBody[][] {
  const batches: SizedBody[][] = [];
  let filled = 0;
  for (const body of bodies) {
    const last = batches.at(-1);
    if (last && last.length < MAX_BATCH_MESSAGES && filled + body.bytes <= MAX_BATCH_BYTES) {
      last.push(body);
      filled += body.bytes;
    } else {
      batches.push([body]);
      filled = body.bytes;
    }
  }
  return batches;
}

/** Bytes of a message as the queue counts it. @throws RangeError over 64,000, which chunking prevents */
export function messageBytes(message: Message): number {
  const bytes = Buffer.byteLength(JSON.stringify(message));
  if (bytes > MAX_MESSAGE_BYTES) throw new RangeError(`message ${message.key} has ${bytes} bytes`);
  return bytes;
}
