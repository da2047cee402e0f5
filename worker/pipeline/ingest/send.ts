/**
 * Sends messages to the queue. Resolves when the queue has acknowledged them: only then may the response be 202.
 * @module
 */
import { Buffer } from "node:buffer";
import { MAX_MESSAGE_BYTES, type Message } from "../../../schema/wire/message";
import { logError } from "../../lib/log";

/** The part of a Queue that is used. */
export interface MessageQueue {
  sendBatch(messages: Iterable<MessageSendRequest<string>>): Promise<unknown>;
}

/** Queues › Platform › Limits: 100 messages or 256 KB a batch, of which about 100 bytes a message are the Queue's. */
const MAX_BATCH_MESSAGES = 100;
const MAX_BATCH_BYTES = 250_000;
/** The JSON around several messages (`MessageBody`). */
const GROUP = { begin: '{"messages":[', end: "]}" };
const GROUP_BYTES = GROUP.begin.length + GROUP.end.length;

/** Whether everything was acknowledged. After false some messages may be in the queue: the sender repeats them all. */
export async function send(queue: MessageQueue, messages: readonly Message[]): Promise<boolean> {
  try {
    for (const batch of batchesOf(bodiesOf(messages))) {
      await queue.sendBatch(batch.map(({ body }) => ({ body, contentType: "text" as const })));
    }
    return true;
  } catch (error) {
    logError("The queue refused messages", error, { messages: messages.length });
    return false;
  }
}

/** The JSON of a `MessageBody`, as text: what must be measured is serialized once. */
export interface SizedBody {
  body: string;
  bytes: number;
}

/** Packs messages into as few bodies of at most 64,000 bytes as their order permits. */
export function bodiesOf(messages: readonly Message[]): SizedBody[] {
  const bodies: SizedBody[] = [];
  let group: SizedBody[] = [];
  let filled = GROUP_BYTES;
  const close = () => {
    const [first] = group;
    if (first && group.length === 1) bodies.push(first);
    else if (first) {
      const body = GROUP.begin + group.map((one) => one.body).join() + GROUP.end;
      bodies.push({ body, bytes: filled });
    }
    group = [];
    filled = GROUP_BYTES;
  };
  for (const message of messages) {
    const sized = serialize(message);
    if (filled + sized.bytes + 1 > MAX_MESSAGE_BYTES) close();
    group.push(sized);
    filled += sized.bytes + 1;
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

/** A message as the queue stores and counts it. @throws RangeError over 64,000 bytes, which chunking prevents */
export function serialize(message: Message): SizedBody {
  const body = JSON.stringify(message);
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_MESSAGE_BYTES) throw new RangeError(`message ${message.key} has ${bytes} bytes`);
  return { body, bytes };
}
