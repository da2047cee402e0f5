/**
 * Splits deliveries that contain the messages of several requests, so that each is committed, parked or retried by itself.
 * @module
 */

/** A message of one request: the part of a queue's message that consumers use. `body` is unchecked JSON. */
export type Part = Pick<Message, "id" | "body" | "attempts" | "ack" | "retry">;

/**
 * Returns the messages in a delivery. The delivery is acknowledged once each was acknowledged. When one must be retried,
 * all come again, after its wait; those that were applied are recognized by their keys.
 */
export function split(delivery: Message): Part[] {
  const { id, attempts } = delivery;
  const body = jsonOf(delivery.body);
  const messages = typeof body === "object" && body !== null && "messages" in body ? body.messages : null;
  if (!Array.isArray(messages)) {
    const [ack, retry] = [() => delivery.ack(), (options?: QueueRetryOptions) => delivery.retry(options)];
    return [{ id, attempts, body, ack, retry }];
  }
  let waiting = messages.length;
  let retry: QueueRetryOptions | null = null;
  const end = () => {
    if (--waiting > 0) return;
    if (retry) delivery.retry(retry);
    else delivery.ack();
  };
  return messages.map((message: unknown, index) => ({
    id: `${id}-${index}`,
    attempts,
    body: message,
    ack: end,
    retry: (options: QueueRetryOptions = {}) => {
      retry ??= options;
      end();
    },
  }));
}

/** The body of a delivery: JSON text from this version on, JSON before. Text that is not JSON stays as it is. */
function jsonOf(body: unknown): unknown {
  if (typeof body !== "string") return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
