/**
 * The data quality of a source as a percentage.
 * @module
 */
import { type JSX, Show } from "solid-js";
import { percent } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import statusStyles from "./status.module.css";

/** `score` is the share of passed checks, 0 to 1; null (a dash) before the first check. */
export function QualityMark(props: { score: number | null }): JSX.Element {
  const isPassed = () => (props.score ?? 0) >= 1;
  return (
    <Show when={props.score !== null} fallback="–">
      <span class={statusStyles.status} data-tone={isPassed() ? "good" : "bad"}>
        <Icon name={isPassed() ? "check" : "warn"} size={16} />
        {percent(props.score ?? 0, locale(), 0)}
      </span>
    </Show>
  );
}
