/**
 * The properties that every section of a source's page receives.
 * @module
 */
import type { SourceDetail } from "../../../../schema/wire/source";
import type { SourcesSetting } from "./setting";

export interface SourceProps {
  source: SourceDetail;
  setting: SourcesSetting;
  /** The current time in epoch milliseconds, updated while the page is open. */
  now: number;
}
