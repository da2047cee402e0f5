/**
 * The registry of notification channels. A new channel is a file here and one line below.
 * @module
 */
import type { Channel } from "./channel";
import { emailChannel } from "./email";
import { slackChannel } from "./slack";

export const CHANNELS: readonly Channel[] = [emailChannel, slackChannel];
