/**
 * Progress of a change of the time zone.
 * @module
 */
import { revalidate } from "@solidjs/router";
import { createEffect, type JSX, onCleanup, Show } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import { project } from "../../client/projects";
import { counted, exact } from "../../ui/format";
import { locale } from "../../ui/locale";
import { Notice } from "../../ui/notice";

const RELOAD_EVERY_MS = 3_000;

/** Nothing unless the time zone changes; reloads the project while it does. */
export function ZoneChange(props: { project: Project }): JSX.Element {
  const isChanging = () => props.project.zone_change !== null;
  createEffect(() => {
    if (!isChanging()) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void revalidate(project.key);
    }, RELOAD_EVERY_MS);
    onCleanup(() => clearInterval(timer));
  });
  return (
    <Show when={props.project.zone_change}>
      {(change) => (
        <Notice
          title={`Changing the time zone to ${change().timezone}: ${exact(change().days_done, locale())} of ${counted(change().days_total, "day", locale())} done`}
        >
          Numbers are shown in {props.project.timezone} until then.
          <Show when={change().failing_days > 0}>
            {" "}
            {counted(change().failing_days, "day", locale())} could not be calculated and will be tried again.
          </Show>
        </Notice>
      )}
    </Show>
  );
}
