/**
 * The parts of a total: ranked bars, or a donut with a list.
 * @module
 */
import { createMemo, For, type JSX, Show } from "solid-js";
import type { QueryResult } from "../../../../../../schema/wire/query";
import { Donut } from "../../../../charts/donut";
import { hue } from "../../../../charts/plot-props";
import { changeOf, conditionFor } from "../../../../query-state";
import { percent } from "../../../../ui/format";
import { locale } from "../../../../ui/locale";
import { Change } from "../../../../ui/metric-value";
import { brief, full } from "../../../../ui/write";
import { FILTERABLE, OTHER } from "../../../explore/cards";
import type { Measure } from "../../naming";
import { type Part, partsOf } from "../../shape";
import type { Shown } from "../../shown";
import styles from "./parts.module.css";

/** Number of parts of a donut; the others are combined. */
const MOST = 4;

type Breakdown = ReturnType<typeof partsOf>;

/** Returns the handler that filters by a part; undefined when it cannot be filtered. */
function pickOf(dimension: string, part: Part, shown: Shown): (() => void) | undefined {
  const can = shown.onFilter && FILTERABLE.includes(dimension) && part.raw !== OTHER;
  return can ? () => shown.onFilter?.(conditionFor(dimension, part.raw)) : undefined;
}

/** Ranked rows, each a bar. */
export function RankedBars(props: { result: QueryResult; shown: Shown }): JSX.Element {
  const found = createMemo(() => partsOf(props.result, props.shown.naming, locale()));
  const most = () =>
    Math.max(
      ...found().parts.map(({ raw, value }) => (raw === OTHER ? 0 : Math.abs(value ?? 0))),
      Number.MIN_VALUE,
    );
  return (
    // Makes rows without buttons scrollable by keyboard.
    <ol class="rows" tabindex={props.shown.onFilter ? undefined : 0}>
      <For each={found().parts}>
        {(part) => (
          <li class="row">
            <i
              class="bar"
              style={{
                width: `${Math.min(Math.max((Math.abs(part.value ?? 0) / most()) * 100, 0.6), 100)}%`,
              }}
            />
            <Name part={part} dimension={found().dimension} shown={props.shown} />
            <Show when={props.shown.compare !== "none" && part.previous !== null}>
              <span class="row-change">
                <Change ratio={changeOf(part)} better={found().measure.better} />
              </span>
            </Show>
            <Share share={part.share} />
            <Count part={part} measure={found().measure} />
          </li>
        )}
      </For>
    </ol>
  );
}

function Name(props: { part: Part; dimension: string; shown: Shown }): JSX.Element {
  const pick = () => pickOf(props.dimension, props.part, props.shown);
  const about = () => props.shown.naming.dimension(props.dimension).toLowerCase();
  return (
    <Show
      when={pick()}
      fallback={
        <span class="row-name" title={props.part.label}>
          <span classList={{ soft: props.part.raw === null }}>{props.part.label}</span>
        </span>
      }
    >
      {(press) => (
        <button
          type="button"
          class="row-name"
          title={props.part.label}
          aria-label={`${props.part.label}: filter by this ${about()}`}
          onClick={() => press()()}
        >
          <span classList={{ soft: props.part.raw === null }}>{props.part.label}</span>
        </button>
      )}
    </Show>
  );
}

function Share(props: { share: number | null }): JSX.Element {
  return (
    <Show when={props.share !== null}>
      <span class="row-share soft">
        {percent(props.share ?? 0, locale(), (props.share ?? 0) < 0.0995 ? 1 : 0)}
      </span>
    </Show>
  );
}

function Count(props: { part: Part; measure: Measure }): JSX.Element {
  return (
    <b class="row-count" title={full(props.part.value, props.measure, locale())}>
      {props.part.value === null ? "–" : brief(props.part.value, props.measure, locale())}
    </b>
  );
}

/** Up to four parts and the rest; falls back to bars when values do not add up to the total. */
export function DonutParts(props: { result: QueryResult; shown: Shown }): JSX.Element {
  const found = createMemo(() => partsOf(props.result, props.shown.naming, locale()));
  const parts = createMemo(() => folded(found()));
  return (
    <Show when={parts()} fallback={<RankedBars {...props} />}>
      {(shown) => (
        <div class={styles.donut}>
          <Donut shares={shown().map(({ share }) => share ?? 0)} />
          <ul class={styles.slices}>
            <For each={shown()}>
              {(part, index) => (
                <li class="row">
                  <i class="swatch" style={{ "--hue": hue(index()) }} />
                  <Name part={part} dimension={found().dimension} shown={props.shown} />
                  <Share share={part.share} />
                  <Count part={part} measure={found().measure} />
                </li>
              )}
            </For>
          </ul>
        </div>
      )}
    </Show>
  );
}

/** Returns the largest parts and the rest as one; null when the parts do not add up to the total. */
function folded({ parts, total, dimension }: Breakdown): Part[] | null {
  const counted = parts.filter(({ value }) => (value ?? 0) > 0);
  const given = counted.filter(({ raw }) => raw !== OTHER);
  const sum = counted.reduce((all, { value }) => all + (value ?? 0), 0);
  // Distinct counts overlap between parts: their sum can exceed the total.
  const whole = Math.max(total ?? 0, sum);
  if (!dimension || whole === 0 || total === null) return null;
  const shown = given.slice(0, given.length === MOST + 1 && sum === whole ? MOST + 1 : MOST);
  const rest = whole - shown.reduce((all, { value }) => all + (value ?? 0), 0);
  const shares = shown.map((part) => ({ ...part, share: (part.value ?? 0) / whole }));
  if (rest <= whole * 1e-9) return shares;
  const other = { key: "rest", label: "Other", raw: OTHER, previous: null };
  return [...shares, { ...other, value: rest, share: rest / whole }];
}
