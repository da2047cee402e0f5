/**
 * Automated browsers.
 * @module
 */
import type { DropReason } from "../../../../schema/wire/row";
import type { Draft } from "../draft";

/** Drops what an automated browser sends (WebDriver › navigator.webdriver). */
export function dropWebdriver({ project, marks }: Draft): DropReason | undefined {
  return project.settings.filter_bots && marks.webdriver ? "webdriver" : undefined;
}
