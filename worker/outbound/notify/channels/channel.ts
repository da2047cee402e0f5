/**
 * The interface of notification channels.
 * @module
 */
import type { z } from "zod";
import type { Fetch, GuardOptions } from "../../../lib/safe-fetch";
import type { EmailDriver } from "../email-driver";

/** A message in a form that every channel can render. */
export interface Message {
  subject: string;
  /** Why the recipient gets it, as one sentence. */
  why: string;
  lines: string[];
  button: string;
  /** Path within the app. */
  link: string;
}

/** A member who receives e-mails. */
export interface Recipient {
  user_id: string;
  email: string;
}

/** A message to send. */
export interface Delivery {
  message: Message;
  /** Absolute URL of the message's link; undefined when the deployment's origin is unknown. */
  url: string | undefined;
  recipients: readonly Recipient[];
  emails: EmailDriver;
  /** Requests public hosts only. */
  fetch: Fetch;
}

/** The declaration of a channel. */
export interface ChannelSpec<Config> {
  /** Also its field in the settings' response, which says whether it is configured. */
  name: string;
  label: string;
  /** Its field in a change of the settings; null for a channel without configuration. */
  setting: string | null;
  /** The project's configuration. It is stored encrypted and never returned. */
  config: (options: GuardOptions) => z.ZodType<Config>;
  /** Sends a message. Throws when it is not accepted; errors do not contain the configuration. */
  send(delivery: Delivery, config: Config): Promise<void>;
}

/** A channel in the registry. */
export interface Channel extends Omit<ChannelSpec<unknown>, "send"> {
  /** Sends a message with a stored configuration. */
  send(delivery: Delivery, config: unknown): Promise<void>;
}

/** Declares a channel. */
export function defineChannel<Config>(spec: ChannelSpec<Config>): Channel {
  return {
    ...spec,
    // Stored configurations passed the stricter schema when they were saved.
    send: async (delivery, config) => spec.send(delivery, spec.config({ allowLoopback: true }).parse(config)),
  };
}
