/**
 * Icons of widget kinds, and the preview of a layout.
 * @module
 */
import { For, type JSX } from "solid-js";
import type { Widget, WidgetKind } from "../../../../schema/wire/dashboard";
import styles from "./kind-picture.module.css";
import { KINDS } from "./kinds";
import { COLUMNS, settle } from "./layout";

/** The icon of a kind; decorative. */
export function KindPicture(props: { kind: WidgetKind }): JSX.Element {
  return (
    <svg class={styles.picture} viewBox="0 0 24 16" aria-hidden="true">
      <path d={KINDS[props.kind].icon} />
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
              preserveAspectRatio={KINDS[kind].iconPosition === "start" ? "xMinYMin meet" : "xMidYMid meet"}
              aria-hidden="true"
            >
              <path d={KINDS[kind].icon} />
            </svg>
          </>
        )}
      </For>
    </svg>
  );
}
