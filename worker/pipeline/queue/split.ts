/**
 * Splits deliveries that contain the messages of several requests, so that each is committed, parked or retried by itself.
 * @module
 */

/** A message of one request: the part of a queue's message that consumers use. */
export type Part = Pick<Message, "id" | "body" | "attempts" | "ack" | "retry">;

/**
 * Returns the messages in a delivery. The delivery is acknowledged once each was acknowledged. When one must be retried,
 * all come again, after its wait; those that were applied are recognized by their keys.
 */
export function split(delivery: Message): Part[] {
  const { body } = delivery;
  const messages = typeof body === "object" && body !== null && "messages" in body ? body.messages : null;
  if (!Array.isArray(messages)) return [delivery];
  let waiting = messages.length;
  let retry: QueueRetryOptions | null = null;
  const end = () => {
    if (--waiting > 0) return;
    if (retry) delivery.retry(retry);
    else delivery.ack();
  };
  return messages.map((message: unknown, index) => ({
    id: `${delivery.id}-${index}`,
    body: message,
    attempts: delivery.attempts,
    ack: end,
    retry: (options: QueueRetryOptions = {}) => {
      retry ??= options;
      end();
    },
  }));
}
