/**
 * Notifications by e-mail.
 * @module
 */
import { z } from "zod";
import { letter } from "../../../lib/email-template";
import { defineChannel } from "./channel";

const AFTER = "You can change who receives this message in the project's settings.";

/** Sends the message to every recipient. Throws when one of them fails, after trying all. */
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
