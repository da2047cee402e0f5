/**
 * The steps of an accepted event, in order.
 * @module
 */
import type { DropReason } from "../../../schema/wire/row";
import type { Draft, Step } from "./draft";
import { dropBot } from "./steps/drop-bot";
import { dropDataCenter } from "./steps/drop-data-center";
import { dropLocal } from "./steps/drop-local";
import { dropSpamReferrer } from "./steps/drop-spam-referrer";
import { dropWebdriver } from "./steps/drop-webdriver";
import { putChannel } from "./steps/put-channel";
import { putIds } from "./steps/put-ids";
import { putLanguage } from "./steps/put-language";
import { putPage } from "./steps/put-page";
import { putProperties } from "./steps/put-properties";
import { putReferrer } from "./steps/put-referrer";
import { putSource } from "./steps/put-source";
import { putTimestamp } from "./steps/put-timestamp";

/** All `put*` steps run before any `drop*` step: a dropped event is stored completely, so that it can be restored. */
export const PIPELINE: readonly Step[] = [
  putIds,
  putTimestamp,
  putPage,
  putReferrer,
  putSource,
  putChannel,
  putLanguage,
  putProperties,
  dropWebdriver,
  dropBot,
  dropDataCenter,
  dropSpamReferrer,
  dropLocal,
];

/** Runs the steps; the first one that returns a reason ends the run. */
export function run(draft: Draft): DropReason | null {
  for (const step of PIPELINE) {
    const reason = step(draft);
    if (reason) return reason;
  }
  return null;
}
