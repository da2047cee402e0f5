/**
 * Messages to a Slack incoming webhook, or to a service that accepts the same JSON ("Sending messages using incoming
 * webhooks"). The URL is a secret because anyone who has it can post; errors do not contain it.
 * @module
 */
import { z } from "zod";
import { type Fetch, refuseUrl } from "../../../lib/safe-fetch";
import { defineChannel } from "./channel";

/** Posts messages. Throws when the webhook rejects one. */
export interface SlackDriver {
  /** `text` may contain Slack's mrkdwn; texts of users pass `escapeSlack` first. */
  send(text: string): Promise<void>;
}

const TIMEOUT_MS = 10_000;
/** Slack truncates longer texts ("Truncating really long messages"). */
const MAX_CHARACTERS = 40_000;

/** Returns a driver that posts to `url` with `send`. */
export function slackDriver(url: string, send: Fetch): SlackDriver {
  return {
    async send(text) {
      const body = JSON.stringify({ text: text.slice(0, MAX_CHARACTERS) });
      const headers = { "content-type": "application/json" };
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await send(url, { method: "POST", headers, body, signal });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the Slack webhook responded with status ${response.status}`);
    },
  };
}

/** Escapes a user's text, so that it is not interpreted as markup ("Formatting text", escaping). */
export const escapeSlack = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

export const slackChannel = defineChannel({
  name: "slack",
  label: "Slack",
  setting: "slack_url",
  config: (options) =>
    z
      .string()
      .max(2000)
      .superRefine((url, c) => {
        const reason = refuseUrl(url, options);
        if (reason) c.addIssue({ code: "custom", message: reason, params: { code: "url_not_allowed" } });
      }),
  async send({ message: { subject, lines, button }, url, fetch }, webhook) {
    const texts = [`*${escapeSlack(subject)}*`, ...lines.map((line) => `• ${escapeSlack(line)}`)];
    if (url) texts.push(`<${url}|${escapeSlack(button)}>`);
    await slackDriver(webhook, fetch).send(texts.join("\n"));
  },
});
