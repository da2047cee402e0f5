/**
 * Flags standing on the axis of a time chart, and the menu of one of its buckets.
 * @module
 */
import { For, type JSX, onCleanup, onMount, Show } from "solid-js";
import type { Pole } from "./flags";
import type { Geometry } from "./geometry";

/** Height of a pole. */
const POLE_PX = 30;

/** One pole a bucket that has flags. `nameOf` says a bucket in words. */
export function FlagRow(props: {
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

/** Beside a bucket; takes the focus, and goes on Escape, on a choice and on a press outside. */
export function DayMenu(props: {
  title: string;
  geometry: Geometry;
  at: number;
  onClose: () => void;
  children: JSX.Element;
}): JSX.Element {
  let menu!: HTMLDivElement;
  const x = () => props.geometry.xs[props.at] ?? 0;
  const isLate = () => x() > (props.geometry.left + props.geometry.right) / 2;
  const leave = () => {
    props.onClose();
    menu.closest<HTMLElement>(".chart")?.focus({ preventScroll: true });
  };
  onMount(() => {
    menu.querySelector("button")?.focus({ preventScroll: true });
    const outside = ({ target }: Event) => {
      if (target instanceof Node && !menu.contains(target)) props.onClose();
    };
    document.addEventListener("pointerdown", outside, true);
    onCleanup(() => document.removeEventListener("pointerdown", outside, true));
  });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and presses bubble here from the items
    <div
      class="day-menu"
      ref={menu}
      style={{
        left: `${x()}px`,
        top: `${props.geometry.top + 8}px`,
        translate: isLate() ? "calc(-100% - 10px) 0" : "10px 0",
      }}
      onPointerDown={(event) => event.stopPropagation()}
      onPointerUp={(event) => event.stopPropagation()}
      onPointerMove={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") leave();
      }}
      onClick={leave}
    >
      <p class="menu-label">{props.title}</p>
      {props.children}
    </div>
  );
}
