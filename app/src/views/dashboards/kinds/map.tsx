/**
 * A map of countries beside a list of the same values, which works without the map.
 * @module
 */
import { createMemo, type JSX, lazy, Suspense } from "solid-js";
import { conditionFor } from "../../../query-state";
import { codeName } from "../../../ui/format";
import { locale } from "../../../ui/locale";
import { full } from "../../../ui/write";
import { partsOf } from "../shape";
import type { QueryKind, ViewProps } from "./kind";
import styles from "./map.module.css";
import { RankedBars } from "./shared/parts";

const WorldMap = lazy(() => import("../../../charts/world-map"));

/** For a breakdown by country; `title` is its accessible name. */
function MapView(props: ViewProps): JSX.Element {
  const found = createMemo(() => partsOf(props.result, props.shown.naming, locale()));
  const values = createMemo(
    () =>
      new Map(
        found().parts.flatMap(({ raw, value }): [string, number][] => (raw && value ? [[raw, value]] : [])),
      ),
  );
  const tooltip = (code: string) =>
    `${codeName(code, "region", locale())}: ${full(values().get(code) ?? 0, found().measure, locale())}`;
  return (
    <div class={styles.map}>
      <Suspense fallback={<div class="skeleton" />}>
        <WorldMap
          label={`${props.title} on a world map. The list has the same values.`}
          values={values()}
          words={tooltip}
          onPick={
            props.shown.onFilter && ((code) => props.shown.onFilter?.(conditionFor(found().dimension, code)))
          }
        />
      </Suspense>
      <RankedBars result={props.result} shown={props.shown} />
    </div>
  );
}

export const map: QueryKind = {
  label: "Map",
  description: "Countries of the world, shaded by a metric.",
  icon: "M3 5l5-2 3 3-2 4-4-1zM14 4l6-1 1 4-4 2zM14 11l4 1-2 2z",
  minSize: { w: 3, h: 3 },
  defaultSize: { w: 6, h: 5 },
  metrics: 1,
  dimensions: [1, 1],
  // More than there are countries.
  fixedBreakdown: { dimension: "visit:country", limit: 300 },
  interval: "never",
  hasLimit: false,
  hasTableView: true,
  View: MapView,
};
