/**
 * A plot over time, or ranked bars when the result has no time column.
 * @module
 */
import { type JSX, Show } from "solid-js";
import type { PlotKind } from "../../../../charts/plot-props";
import type { ViewProps } from "../kind";
import { RankedBars } from "./parts";
import { TimeSeries } from "./time-series";

/** `plot` is the mark of the plot. */
export function TimeSeriesOrBars(props: ViewProps & { plot: PlotKind }): JSX.Element {
  const isTimed = () => props.result.columns.some(({ type }) => type === "time");
  return (
    <Show when={isTimed()} fallback={<RankedBars result={props.result} shown={props.shown} />}>
      <TimeSeries
        id={props.widget.id}
        title={props.title}
        kind={props.plot}
        result={props.result}
        shown={props.shown}
      />
    </Show>
  );
}
