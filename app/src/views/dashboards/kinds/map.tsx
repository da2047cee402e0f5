/**
 * A map of countries beside a list of the same values, which works without the map.
 * @module
 */
import { createMemo, type JSX, lazy, Suspense } from "solid-js";
import type { QueryResult } from "../../../../../schema/wire/query";
import { conditionFor } from "../../../query-state";
import { codeName } from "../../../ui/format";
import { locale } from "../../../ui/locale";
import { full } from "../../../ui/write";
import { partsOf } from "../shape";
import type { Shown } from "../shown";
import styles from "./map.module.css";
import { BarsKind } from "./parts";

const WorldMap = lazy(() => import("../../../charts/world-map"));

/** For a breakdown by country; `title` is its accessible name. */
export function MapKind(props: { title: string; result: QueryResult; shown: Shown }): JSX.Element {
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
      <BarsKind result={props.result} shown={props.shown} />
    </div>
  );
}
