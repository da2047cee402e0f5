/**
 * Messages to a Slack incoming webhook, or to whatever takes the same JSON ("Sending messages using incoming webhooks"). The
 * URL is a secret: whoever has it can post. It is in no error.
 * @module
 */

/** A configured way out. Rejects when the webhook does not take the message. */
export interface SlackDriver {
  /** `text` may hold Slack's mrkdwn; `escapeSlack` what people wrote. */
  send(text: string): Promise<void>;
}

/** Asks as `fetch` does; the caller's may refuse where a URL leads. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;

const TIMEOUT_MS = 10_000;
/** Slack cuts longer texts ("Truncating really long messages"). */
const MOST = 40_000;

/** Posts to `url` by means of `send`. */
export function slackDriver(url: string, send: Send): SlackDriver {
  return {
    async send(text) {
      const body = JSON.stringify({ text: text.slice(0, MOST) });
      const headers = { "content-type": "application/json" };
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await send(url, { method: "POST", headers, body, signal });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the Slack webhook answers ${response.status}`);
    },
  };
}

/** Text that people wrote, so that none of it is markup ("Formatting text", escaping). */
export const escapeSlack = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
