/**
 * A queue that stores its messages, so that the test decides when they arrive.
 * @module
 */
import type { Message } from "../../schema/wire/message";

/** With `refuse` it fails, as when Queues are down. */
export function recordingQueue({ refuse = false } = {}): { queue: Queue<Message>; messages: Message[] } {
  const messages: Message[] = [];
  const metrics = { backlogCount: 0, backlogBytes: 0 };
  const add = async (bodies: Message[]) => {
    if (refuse) throw new Error("queue is down");
    messages.push(...bodies);
    return { metadata: { metrics } };
  };
  const queue: Queue<Message> = {
    metrics: async () => metrics,
    send: (body) => add([body]),
    sendBatch: (batch) => add([...batch].map(({ body }) => body)),
  };
  return { queue, messages };
}
