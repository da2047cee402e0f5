/**
 * A result as a table: sortable, with totals and CSV export.
 * @module
 */
import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import type { QueryResult } from "../../../../../schema/wire/query";
import { longBucket } from "../../../query-state";
import { Button } from "../../../ui/button";
import { Icon } from "../../../ui/icon";
import { locale } from "../../../ui/locale";
import { Change } from "../../../ui/metric-value";
import { full } from "../../../ui/write";
import { valueLabel } from "../../explore/cards";
import { saveFile } from "../save-file";
import { type Column, type Table, tableOf } from "../shape";
import type { Shown } from "../shown";
import { csvOf, nextOrder, type Order, sorted } from "../sorting";
import type { QueryKind } from "./kind";
import styles from "./table.module.css";

/** Maximum number of rendered rows; the CSV has all. */
const DRAWN = 200;

/** `title` is the accessible name and the file name. */
export function TableView(props: { title: string; result: QueryResult; shown: Shown }): JSX.Element {
  const [order, setOrder] = createSignal<Order>();
  const table = createMemo(() => tableOf(props.result, props.shown.naming));
  const lines = createMemo(() => sorted(table().lines, order(), locale()));
  return (
    <div class={styles.table} data-layout="table">
      <section class="table-wrap" aria-label={props.title} tabindex="0">
        <table class="numbers">
          <thead>
            <tr>
              <For each={table().columns}>
                {(column, index) => (
                  <Head
                    column={column}
                    order={order()?.column === index() ? order() : undefined}
                    onPress={() => setOrder((now) => nextOrder(now, index(), isNumber(column)))}
                  />
                )}
              </For>
            </tr>
          </thead>
          <tbody>
            <For each={lines().slice(0, DRAWN)}>
              {(line) => (
                <tr>
                  <For each={table().columns}>
                    {(column, index) => (
                      <CellView
                        cell={line.cells[index()] ?? null}
                        column={column}
                        timezone={props.shown.timezone}
                      />
                    )}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
          <Totals table={table()} />
        </table>
      </section>
      <p class={`small soft ${styles.foot}`}>
        <Show when={lines().length > DRAWN}>
          {DRAWN} of {lines().length} rows shown; the CSV contains all.{" "}
        </Show>
        <Button
          kind="quiet"
          size="s"
          onClick={() => saveFile(fileName(props.title), csvOf(table(), lines()))}
        >
          <Icon name="fall" size={16} />
          CSV
        </Button>
      </p>
    </div>
  );
}

function Head(props: { column: Column; order: Order | undefined; onPress: () => void }): JSX.Element {
  const direction = () => (props.order ? (props.order.down ? "descending" : "ascending") : "none");
  return (
    <th scope="col" aria-sort={direction()} data-word={isNumber(props.column) ? undefined : ""}>
      <button type="button" class={styles.sort} onClick={() => props.onPress()}>
        {props.column.label}
        <span class={styles.mark} aria-hidden="true">
          {props.order ? (props.order.down ? "↓" : "↑") : ""}
        </span>
      </button>
    </th>
  );
}

const isNumber = ({ measure, change }: Column) => measure !== undefined || change !== undefined;

function CellView(props: { cell: string | number | null; column: Column; timezone: string }): JSX.Element {
  const text = () => {
    const { cell, column } = props;
    if (column.measure) return full(typeof cell === "number" ? cell : null, column.measure, locale());
    if (column.grain && typeof cell === "number")
      return longBucket(cell, column.grain, locale(), props.timezone);
    return valueLabel(column.name, cell === null ? null : String(cell), locale());
  };
  return (
    <td data-word={isNumber(props.column) ? undefined : ""}>
      <Show when={props.column.change} fallback={text()}>
        {(measure) => (
          <Change ratio={typeof props.cell === "number" ? props.cell : null} better={measure().better} />
        )}
      </Show>
    </td>
  );
}

function Totals(props: { table: Table }): JSX.Element {
  const hasWords = () => props.table.columns.some((column) => !isNumber(column));
  return (
    <Show when={props.table.lines.length > 1 && hasWords() && props.table.totals}>
      {(totals) => (
        <tfoot>
          <tr>
            <For each={props.table.columns}>
              {(column, index) => (
                <Show when={isNumber(column)} fallback={<td data-word="">{index() === 0 ? "Total" : ""}</td>}>
                  <CellView cell={totals()[index()] ?? null} column={column} timezone="UTC" />
                </Show>
              )}
            </For>
          </tr>
        </tfoot>
      )}
    </Show>
  );
}

function fileName(title: string): string {
  return `${title.replaceAll(/[^\p{L}\p{N}]+/gu, "-").toLowerCase() || "table"}.csv`;
}

export const table: QueryKind = {
  label: "Table",
  description: "Several metrics side by side, sortable, with totals and CSV export.",
  icon: "M3 3.500h18M3 8h18M3 12.500h18M9 3.500v9",
  minSize: { w: 3, h: 2 },
  defaultSize: { w: 6, h: 4 },
  metrics: 10,
  dimensions: [0, 3],
  interval: "always",
  hasTimeBreakdown: true,
  hasLimit: true,
  hasTableView: false,
  View: (props) => <TableView title={props.title} result={props.result} shown={props.shown} />,
};
