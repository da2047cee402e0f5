/**
 * Visitors from data centers.
 * @module
 */
import type { DropReason } from "../../../../schema/wire/row";
import type { Draft } from "../draft";
import { isDataCenter } from "../tables/networks";

/** Drops pages opened from a hosting network. Servers that call the API from there are accepted. */
export function dropDataCenter({ project, sender }: Draft): DropReason | undefined {
  const guest = project.settings.filter_bots && sender.page;
  return guest && isDataCenter(sender.asn, sender.network) ? "data_center" : undefined;
}
