/**
 * Group commit: requests that arrive in one isolate while others are being sent wait a few milliseconds and share messages
 * of the queue. A request that arrives alone does not wait.
 * @module
 */
import type { Message } from "../../../schema/wire/message";
import { type MessageQueue, send } from "./send";

/** How long a group collects requests, in ms. */
const GROUP_MS = 10;
/** After this long without an answer of the group, in ms, a request sends its own messages again: they have the same keys. */
const PATIENCE_MS = 2_000;
/** Most messages of a group: about two calls of the queue. */
const MAX_GROUP = 50;

/** A group that collects requests. `isSent` is the result of all of them. */
interface Group {
  messages: Message[];
  isSent: Promise<boolean>;
}

let open: Group | null = null;
/** Calls of the queue that are not answered. */
let sending = 0;

/**
 * Sends a request's messages, with those of others when the isolate is busy. `after` lets work go on when the request that
 * began it has ended. Returns whether everything was acknowledged.
 */
export async function sendTogether(
  queue: MessageQueue,
  messages: readonly Message[],
  after: (work: Promise<unknown>) => void,
): Promise<boolean> {
  if (!messages.length) return true;
  if (!open) {
    if (sending === 0) return sendCounted(queue, messages);
    open = startGroup(queue);
    after(open.isSent);
  }
  const { isSent, messages: others } = open;
  others.push(...messages);
  if (others.length >= MAX_GROUP) open = null;
  // A timer of its own, because the group belongs to another request, whose isolate may end.
  const isDone = await Promise.race([isSent, scheduler.wait(PATIENCE_MS).then(() => null)]);
  return isDone ?? sendCounted(queue, messages);
}

function startGroup(queue: MessageQueue): Group {
  const messages: Message[] = [];
  const isSent = scheduler.wait(GROUP_MS).then(() => {
    if (open?.messages === messages) open = null;
    return sendCounted(queue, messages);
  });
  return { messages, isSent };
}

async function sendCounted(queue: MessageQueue, messages: readonly Message[]): Promise<boolean> {
  sending++;
  try {
    return await send(queue, messages);
  } finally {
    sending--;
  }
}
