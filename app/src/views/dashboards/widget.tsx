/**
 * A widget: its name, its picture or its table, and what it says when there is none.
 * @module
 */
import { createMemo, createSignal, type JSX, Match, Show, Switch } from "solid-js";
import type { Widget } from "../../../../schema/wire/dashboard";
import type { Problem } from "../../../../schema/wire/error";
import type { QueryResult } from "../../../../schema/wire/query";
import { isResult } from "../../query-state";
import { Icon } from "../../ui/icon";
import { MapKind } from "./kinds/map";
import { NumberKind } from "./kinds/number";
import { BarsKind, RingKind } from "./kinds/parts";
import { TableKind } from "./kinds/table";
import { TextKind } from "./kinds/text";
import { TimeKind } from "./kinds/time";
import type { Naming } from "./naming";
import { isEmpty } from "./shape";
import type { Shown } from "./shown";
import styles from "./widget.module.css";

/** What a widget is called: its title, else what it counts. */
export function titleOf({ title, query, kind }: Widget, naming: Naming): string {
  if (title) return title;
  const [metric] = query?.metrics ?? [];
  if (!metric) return kind === "text" ? "" : "Untitled";
  const [dimension] = query?.dimensions.filter((name) => !name.startsWith("time:")) ?? [];
  const { label } = naming.measure(metric);
  return dimension ? `${label} by ${naming.dimension(dimension).toLowerCase()}` : label;
}

export interface WidgetProps {
  widget: Widget;
  /** Undefined while it is on its way. */
  answer: QueryResult | Problem | undefined;
  shown: Shown;
  /** At the end of the head. */
  tools?: JSX.Element;
}

/** Kinds that a table says as well. */
const DRAWN: readonly Widget["kind"][] = ["line", "area", "bar", "stacked", "pie", "map"];

/** What stands in the widget's box. */
export function WidgetView(props: WidgetProps): JSX.Element {
  const [asTable, setAsTable] = createSignal(false);
  const title = () => titleOf(props.widget, props.shown.naming);
  // A refusal after an answer does not take the numbers away that are there.
  const held = createMemo<{ id: string; result: QueryResult } | undefined>((last) => {
    const { answer, widget } = props;
    if (answer && isResult(answer)) return { id: widget.id, result: answer };
    return last?.id === widget.id ? last : undefined;
  });
  const problem = () => (props.answer && !isResult(props.answer) ? props.answer : undefined);
  const canSwitch = () => DRAWN.includes(props.widget.kind) && held() !== undefined;
  return (
    <>
      <Show when={title() || props.tools}>
        <div class={styles.head}>
          <h2 title={title()}>{title()}</h2>
          <Show when={problem() && held()}>
            {(_) => (
              <span class={`small soft ${styles.stale}`} title={problem()?.title}>
                not renewed
              </span>
            )}
          </Show>
          <div class={styles.tools}>
            <Show when={canSwitch()}>
              <button
                type="button"
                class="button"
                data-kind="quiet"
                data-size="s"
                data-icon
                aria-pressed={asTable()}
                title={asTable() ? "View as chart" : "View as table"}
                aria-label={`View ${title()} as table`}
                onClick={() => setAsTable(!asTable())}
              >
                <Icon name={asTable() ? "chart" : "table"} size={16} />
              </button>
            </Show>
            {props.tools}
          </div>
        </div>
      </Show>
      <div class={styles.body} data-kind={asTable() ? "table" : props.widget.kind}>
        <Switch>
          <Match when={props.widget.kind === "text"}>
            <TextKind text={props.widget.text ?? ""} />
          </Match>
          <Match when={held()}>
            {(found) => (
              <Answered
                {...props}
                result={found().result}
                title={title()}
                asTable={asTable() && canSwitch()}
              />
            )}
          </Match>
          <Match when={problem()}>{(refused) => <Refusal problem={refused()} />}</Match>
          <Match when={true}>
            <div class={`skeleton ${styles.wait}`} role="status" aria-label={`${title()} is being counted`} />
          </Match>
        </Switch>
      </div>
    </>
  );
}

function Answered(
  props: WidgetProps & { result: QueryResult; title: string; asTable: boolean },
): JSX.Element {
  const kind = () => props.widget.kind;
  const isTimed = () => props.result.columns.some(({ type }) => type === "time");
  const drawn = () => {
    const name = kind();
    if (name === "line" || name === "area" || name === "stacked") return name;
    return name === "bar" && isTimed() ? name : undefined;
  };
  return (
    <Switch>
      <Match when={kind() === "number"}>
        <NumberKind result={props.result} target={props.widget.target} shown={props.shown} />
      </Match>
      <Match when={isEmpty(props.result)}>
        <p class={`soft ${styles.empty}`}>Nothing was counted in this range.</p>
      </Match>
      <Match when={props.asTable || kind() === "table"}>
        <TableKind title={props.title} result={props.result} shown={props.shown} />
      </Match>
      <Match when={isTimed() && drawn()}>
        {(plot) => (
          <TimeKind
            id={props.widget.id}
            title={props.title}
            kind={plot()}
            result={props.result}
            shown={props.shown}
          />
        )}
      </Match>
      <Match when={kind() === "pie"}>
        <RingKind result={props.result} shown={props.shown} />
      </Match>
      <Match when={kind() === "map"}>
        <MapKind title={props.title} result={props.result} shown={props.shown} />
      </Match>
      <Match when={true}>
        <BarsKind result={props.result} shown={props.shown} />
      </Match>
    </Switch>
  );
}

/** What the API said, in place. */
function Refusal(props: { problem: Problem }): JSX.Element {
  return (
    <div class={styles.error}>
      <Icon name="warn" size={18} />
      <div>
        <p>
          <b>{props.problem.title}</b>
        </p>
        <Show when={props.problem.detail}>
          <p class="small soft">{props.problem.detail}</p>
        </Show>
      </div>
    </div>
  );
}
