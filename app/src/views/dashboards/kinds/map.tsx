/**
 * Countries on a map, and the first of them as a list, which also reads and works without the picture.
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

/** For a breakdown by country; `title` names it. */
export function MapKind(props: { title: string; result: QueryResult; shown: Shown }): JSX.Element {
  const found = createMemo(() => partsOf(props.result, props.shown.naming, locale()));
  const values = createMemo(
    () =>
      new Map(
        found().parts.flatMap(({ raw, value }): [string, number][] => (raw && value ? [[raw, value]] : [])),
      ),
  );
  const words = (code: string) =>
    `${codeName(code, "region", locale())}: ${full(values().get(code) ?? 0, found().measure, locale())}`;
  return (
    <div class={styles.map}>
      <Suspense fallback={<div class="skeleton" />}>
        <WorldMap
          label={`${props.title} on a map of the world. The list has the same numbers.`}
          values={values()}
          words={words}
          onPick={
            props.shown.onFilter && ((code) => props.shown.onFilter?.(conditionFor(found().dimension, code)))
          }
        />
      </Suspense>
      <BarsKind result={props.result} shown={props.shown} />
    </div>
  );
}
