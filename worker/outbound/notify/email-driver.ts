/**
 * E-mail through Cloudflare's `send_email` binding. Locally the runtime writes each message to a file and logs its
 * path; deployed, the sender's domain must be onboarded to Email Sending, or every recipient must be a verified address of
 * the account (Email Service › Send emails from Workers).
 * @module
 */

/** One e-mail. Both parts are sent; `text` alone must be sufficient. */
export interface Email {
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Sends e-mails. Throws when the platform rejects one. */
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
