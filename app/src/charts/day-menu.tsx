/**
 * The menu of one bucket of a time chart. Loaded when a bucket is first pressed.
 * @module
 */
import { type JSX, onCleanup, onMount } from "solid-js";
import type { Geometry } from "./geometry";

/** Placed beside the bucket; takes the focus and closes on Escape, on a choice and on a press outside. */
export default function DayMenu(props: {
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
