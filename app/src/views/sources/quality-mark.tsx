/**
 * How right a source is, the size of a word.
 * @module
 */
import { type JSX, Show } from "solid-js";
import { percent } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import statusStyles from "./status.module.css";

/** Share of checks that hold, 0 to 1; a dash before the first check. */
export function QualityMark(props: { score: number | null }): JSX.Element {
  const isRight = () => (props.score ?? 0) >= 1;
  return (
    <Show when={props.score !== null} fallback="–">
      <span class={statusStyles.status} data-mood={isRight() ? "good" : "bad"}>
        <Icon name={isRight() ? "check" : "warn"} size={16} />
        {percent(props.score ?? 0, locale(), 0)}
      </span>
    </Show>
  );
}
