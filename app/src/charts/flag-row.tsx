/**
 * Flags on the axis of a time chart. Loaded when there are any.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import type { Pole } from "./flags";
import type { Geometry } from "./geometry";

/** Height of a pole. */
const POLE_PX = 30;

/** One pole per bucket that has flags. `nameOf` formats a bucket's time. */
export default function FlagRow(props: {
  poles: Pole[];
  geometry: Geometry;
  nameOf: (index: number) => string;
  onPick: (index: number) => void;
}): JSX.Element {
  const words = (pole: Pole) => pole.flags.map(({ text }) => text).join("; ");
  return (
    <For each={props.poles}>
      {(pole) => (
        <button
          type="button"
          class="flag"
          data-kind={pole.flags[0]?.kind}
          aria-label={`${props.nameOf(pole.index)}: ${words(pole)}`}
          style={{
            left: `${props.geometry.xs[pole.index]}px`,
            top: `${props.geometry.bottom - POLE_PX}px`,
            height: `${POLE_PX}px`,
          }}
          onPointerDown={(event) => event.stopPropagation()}
          onPointerUp={(event) => event.stopPropagation()}
          onKeyDown={(event) => event.stopPropagation()}
          onClick={() => props.onPick(pole.index)}
        >
          <i>
            <Show when={pole.flags.length > 1}>{pole.flags.length}</Show>
          </i>
        </button>
      )}
    </For>
  );
}
