/**
 * A queue that stores its messages, so that the test decides when they arrive.
 * @module
 */
import type { Message, MessageBody } from "../../schema/wire/message";

/**
 * `bodies` are those that the queue got, `messages` the messages in them. With `refuse` it fails, as when Queues are
 * down. `wait` delays its acknowledgments.
 */
export function recordingQueue({ refuse = false, wait = async () => {} } = {}) {
  const bodies: MessageBody[] = [];
  const messages: Message[] = [];
  const metrics = { backlogCount: 0, backlogBytes: 0 };
  const add = async (texts: string[]) => {
    if (refuse) throw new Error("queue is down");
    const added: MessageBody[] = texts.map((text) => JSON.parse(text));
    bodies.push(...added);
    messages.push(...added.flatMap((body) => ("messages" in body ? body.messages : [body])));
    await wait();
    return { metadata: { metrics } };
  };
  const queue: Queue<string> = {
    metrics: async () => metrics,
    send: (body) => add([body]),
    sendBatch: (batch) => add([...batch].map(({ body }) => body)),
  };
  return { queue, bodies, messages };
}
