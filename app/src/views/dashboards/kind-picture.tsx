/**
 * Icons of widget kinds, and the preview of a layout.
 * @module
 */
import { For, type JSX } from "solid-js";
import type { Widget, WidgetKind } from "../../../../schema/wire/dashboard";
import styles from "./kind-picture.module.css";
import { COLUMNS, settle } from "./layout";

/** In a box of 24 by 16. */
const LINES: Record<WidgetKind, string> = {
  number: "M3 6h7M3 12l4-2 4 1 5-4 5-1",
  line: "M2 12l5-5 4 3 5-6 6 3",
  area: "M2 13l5-5 4 3 5-6 6 3v6",
  bar: "M4 14v-4M9 14V5M14 14v-7M19 14V9",
  stacked: "M5 14V8m0-1V4M12 14v-4m0-1V3M19 14v-5m0-1V6",
  pie: "M12 2.500a5.500 5.500 0 1 1-5.200 3.700M12 2.500a5.500 5.500 0 0 0-4.500 2.400",
  table: "M3 3.500h18M3 8h18M3 12.500h18M9 3.500v9",
  map: "M3 5l5-2 3 3-2 4-4-1zM14 4l6-1 1 4-4 2zM14 11l4 1-2 2z",
  text: "M3 3.500h18M3 7.500h14M3 11.500h17",
};

/** The icon of a kind; decorative. */
export function KindPicture(props: { kind: WidgetKind }): JSX.Element {
  return (
    <svg class={styles.picture} viewBox="0 0 24 16" aria-hidden="true">
      <path d={LINES[props.kind]} />
    </svg>
  );
}

const UNIT = 20;
const SHOWN_ROWS = 9;

/** A preview of the layout of a dashboard, limited to the rows that fit. */
export function Plan(props: { widgets: readonly Widget[] }): JSX.Element {
  const drawn = () => settle(props.widgets).filter(({ place }) => place.y < SHOWN_ROWS);
  return (
    <svg
      class={styles.plan}
      viewBox={`0 0 ${COLUMNS * UNIT} ${SHOWN_ROWS * UNIT}`}
      preserveAspectRatio="xMidYMin slice"
      aria-hidden="true"
    >
      <For each={drawn()}>
        {({ kind, place }) => (
          <>
            <rect
              x={place.x * UNIT + 2}
              y={place.y * UNIT + 2}
              width={place.w * UNIT - 4}
              height={place.h * UNIT - 4}
              rx="3"
            />
            <svg
              x={place.x * UNIT + 6}
              y={place.y * UNIT + 5}
              width={place.w * UNIT - 12}
              height={place.h * UNIT - 10}
              viewBox="0 0 24 16"
              preserveAspectRatio={kind === "number" || kind === "text" ? "xMinYMin meet" : "xMidYMid meet"}
              aria-hidden="true"
            >
              <path d={LINES[kind]} />
            </svg>
          </>
        )}
      </For>
    </svg>
  );
}
