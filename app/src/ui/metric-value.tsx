/**
 * Numbers of cards: compact with a small unit, exact on hover; and their change.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import { change } from "./format";
import { Icon } from "./icon";
import { locale } from "./locale";
import { full, pieces, type Written } from "./write";

/** A metric's value; a dash when there is none. */
export function BigFigure(props: Written & { value: number | null }): JSX.Element {
  return (
    <Show when={props.value !== null} fallback={<span class="figure soft">–</span>}>
      <span class="figure" title={full(props.value, props, locale())}>
        <For each={pieces(props.value ?? 0, props, locale())}>
          {(part) => (
            <>
              {part.value}
              <small>{part.unit}</small>
            </>
          )}
        </For>
      </span>
    </Show>
  );
}

/** Change from the comparison: arrow, sign and color. `better` is the direction shown as positive. */
export function Change(props: {
  ratio: number | null;
  better?: "up" | "down";
  against?: string;
}): JSX.Element {
  const tone = () => {
    const ratio = props.ratio ?? 0;
    if (!props.better || Math.abs(ratio) < 0.0005) return undefined;
    return ratio > 0 === (props.better === "up") ? "good" : "bad";
  };
  return (
    <Show
      when={props.ratio !== null}
      fallback={
        <span class="change" title="No data to compare with">
          new
        </span>
      }
    >
      <span class="change" data-tone={tone()} title={props.against}>
        <Show when={Math.abs(props.ratio ?? 0) >= 0.0005} fallback="±">
          <Icon name={(props.ratio ?? 0) > 0 ? "up" : "fall"} size={12} />
        </Show>
        {change(props.ratio ?? 0, locale())}
      </span>
    </Show>
  );
}
