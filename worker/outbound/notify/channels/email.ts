/**
 * E-mail through Cloudflare's `send_email` binding. Locally the runtime writes each message to a file and logs its
 * path; deployed, the sender's domain must be onboarded to Email Sending, or every recipient must be a verified address of
 * the account (Email Service › Send emails from Workers).
 * @module
 */
import { z } from "zod";
import { letter } from "../../../lib/email-template";
import { defineChannel } from "./channel";

/** One e-mail. Both forms are sent; `text` alone must be sufficient. */
export interface Email {
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Sends e-mails. Throws when the platform refuses one. */
export interface EmailDriver {
  send(email: Email): Promise<void>;
}

/** Returns a driver that sends from `from`, e.g. `selvedge@example.com`. */
export function emailDriver(binding: SendEmail, from: string): EmailDriver {
  return {
    async send(email) {
      await binding.send({ from: { email: from, name: "Selvedge" }, ...email });
    },
  };
}

const AFTER = "You can change who receives this message in the project's settings.";

/** Sends the message to every recipient. Throws when any of them fails, after the others were sent. */
export const emailChannel = defineChannel({
  name: "email",
  label: "E-mail",
  setting: null,
  config: () => z.null(),
  async send({ message, url, recipients, emails }) {
    const { subject, why, lines, button } = message;
    const words = { subject, why, quote: lines.join("\n"), button, after: AFTER, ...(url && { link: url }) };
    const results = await Promise.allSettled(
      recipients.map(({ email }) => emails.send(letter(email, words))),
    );
    const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    if (failures.length) throw new AggregateError(failures, failures.map(String).join("; "));
  },
});
