/**
 * E-mails of a test: the real bindings, with every message also stored for the test to read as its recipient would.
 * @module
 */
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";

/** A sent message. */
export interface Sent {
  to: string;
  from: { email: string };
  subject: string;
  text: string;
  html: string;
}

/** Bindings that record e-mails, and the messages so far. */
export function makeMailbox() {
  const sent: Sent[] = [];
  const EMAIL: SendEmail = {
    send: (message: unknown) => {
      sent.push(message as Sent);
      return env.EMAIL.send(message as Parameters<SendEmail["send"]>[0]);
    },
  };
  return { sent, bindings: { ...env, EMAIL } };
}

/** Waits for the `count`-th message whose subject matches. */
export async function sentTo(sent: Sent[], subject: RegExp, count = 1): Promise<Sent> {
  await vi.waitFor(() => expect(sent.filter((m) => subject.test(m.subject))).toHaveLength(count), 10_000);
  return sent.filter((m) => subject.test(m.subject)).at(-1)!;
}

/** The `token` of the link in a message. */
export function tokenIn(message: Sent): string {
  return decodeURIComponent(/token=([^\s&]+)/.exec(message.text)?.[1] ?? "");
}
