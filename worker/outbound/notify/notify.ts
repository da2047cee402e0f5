/**
 * Sends a message to the recipients of a project through all of its channels.
 * @module
 */
import { logError } from "../../lib/log";
import { safeFetch } from "../../lib/safe-fetch";
import { guardOf, type NotifyBindings, ringOf } from "./bindings";
import { CHANNELS } from "./channels";
import type { Message } from "./channels/channel";
import { emailDriver } from "./email-driver";
import { readRecipients } from "./recipients-store";
import { readConfigs, readPeople } from "./settings-store";

/** Sends a message through all channels of the project. Failures are logged; notices do not depend on them. */
export async function notifyProject(
  bindings: NotifyBindings,
  project: string,
  message: Message,
): Promise<void> {
  const control = bindings.CONTROL;
  const [people, configs] = await Promise.all([readPeople(control, project), readConfigs(control, project)]);
  const origin = bindings.APP_ORIGIN.replace(/\/$/, "");
  const delivery = {
    message,
    url: origin ? origin + message.link : undefined,
    recipients: await readRecipients(control, project, people),
    emails: emailDriver(bindings.EMAIL, bindings.EMAIL_FROM),
    fetch: safeFetch(guardOf(bindings)),
  };
  const sending = CHANNELS.map(async (channel) => {
    if (channel.setting === null) return channel.send(delivery, null);
    const sealed = configs.get(channel.name);
    if (sealed)
      await channel.send(
        delivery,
        JSON.parse(await ringOf(bindings).open(sealed, ownerOf(project, channel))),
      );
  });
  for (const [i, result] of (await Promise.allSettled(sending)).entries())
    if (result.status === "rejected")
      logError("a notification was not sent", result.reason, { project, channel: CHANNELS[i]?.name });
}

/** Returns the id to which a sealed configuration is bound. */
export const ownerOf = (project: string, { name }: { name: string }): string => `${project}/${name}`;
