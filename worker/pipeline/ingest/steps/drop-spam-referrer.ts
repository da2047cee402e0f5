/**
 * Fake visits that advertise a site.
 * @module
 */
import type { DropReason } from "../../../../schema/wire/row";
import type { Draft } from "../draft";
import { isSpamHost } from "../tables/spam";

/** Drops by the referrer's host. */
export function dropSpamReferrer({ project, marks }: Draft): DropReason | undefined {
  if (!project.settings.filter_bots || marks.referrer_host === null) return undefined;
  return isSpamHost(marks.referrer_host) ? "spam_referrer" : undefined;
}
