/**
 * Crawlers, monitors and libraries.
 * @module
 */
import type { DropReason } from "../../../../schema/wire/row";
import { agentOf } from "../agent";
import type { Draft } from "../draft";

/**
 * Drops by user agent. An HTTP library that calls the API without a page is a server reporting its users'
 * actions and is accepted; the same user agent on a page, or in an imported access log, is a bot.
 */
export function dropBot({ project, sender, past }: Draft): DropReason | undefined {
  if (!project.settings.filter_bots) return undefined;
  const agent = agentOf(sender.user_agent);
  const server = agent.library && !sender.page && !past;
  return agent.bot && !server ? "bot" : undefined;
}
