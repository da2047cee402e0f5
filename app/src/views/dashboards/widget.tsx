/**
 * A widget: title, content and its loading, empty and error states.
 * @module
 */
import { createMemo, createSignal, type JSX, Match, Show, Switch } from "solid-js";
import { Dynamic } from "solid-js/web";
import type { Widget } from "../../../../schema/wire/dashboard";
import type { Problem } from "../../../../schema/wire/error";
import type { QueryResult } from "../../../../schema/wire/query";
import { isResult } from "../../query-state";
import { Icon } from "../../ui/icon";
import { isQueryKind, KINDS } from "./kinds";
import { TableView } from "./kinds/table";
import type { Naming } from "./naming";
import { isEmpty } from "./shape";
import type { Shown } from "./shown";
import styles from "./widget.module.css";

/** Returns the title of a widget, else a description of its query. */
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
  /** Undefined while loading. */
  answer: QueryResult | Problem | undefined;
  shown: Shown;
  /** Rendered at the end of the header. */
  tools?: JSX.Element;
}

/** The content of a widget's panel. */
export function WidgetView(props: WidgetProps): JSX.Element {
  const [asTable, setAsTable] = createSignal(false);
  const title = () => titleOf(props.widget, props.shown.naming);
  // A failed reload keeps the current result.
  const current = createMemo<{ id: string; result: QueryResult } | undefined>((last) => {
    const { answer, widget } = props;
    if (answer && isResult(answer)) return { id: widget.id, result: answer };
    return last?.id === widget.id ? last : undefined;
  });
  const problem = () => (props.answer && !isResult(props.answer) ? props.answer : undefined);
  const kind = () => KINDS[props.widget.kind];
  const staticView = () => {
    const known = kind();
    return isQueryKind(known) ? undefined : known.StaticView;
  };
  const canSwitch = () => {
    const known = kind();
    return isQueryKind(known) && known.hasTableView && current() !== undefined;
  };
  return (
    <>
      <Show when={title() || props.tools}>
        <div class={styles.head}>
          <h2 title={title()}>{title()}</h2>
          <Show when={problem() && current()}>
            {(_) => (
              <span class={`small soft ${styles.stale}`} title={problem()?.title}>
                Could not update
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
          <Match when={staticView()}>{(View) => <Dynamic component={View()} widget={props.widget} />}</Match>
          <Match when={current()}>
            {(found) => (
              <WidgetResult
                {...props}
                result={found().result}
                title={title()}
                asTable={asTable() && canSwitch()}
              />
            )}
          </Match>
          <Match when={problem()}>{(refused) => <WidgetError problem={refused()} />}</Match>
          <Match when={true}>
            <div class={`skeleton ${styles.wait}`} role="status" aria-label={`Loading ${title()}`} />
          </Match>
        </Switch>
      </div>
    </>
  );
}

function WidgetResult(
  props: WidgetProps & { result: QueryResult; title: string; asTable: boolean },
): JSX.Element {
  const kind = () => {
    const known = KINDS[props.widget.kind];
    return isQueryKind(known) ? known : undefined;
  };
  return (
    <Switch>
      <Match when={isEmpty(props.result) && !kind()?.handlesEmpty}>
        <p class={`soft ${styles.empty}`}>No data in this range.</p>
      </Match>
      <Match when={props.asTable}>
        <TableView title={props.title} result={props.result} shown={props.shown} />
      </Match>
      <Match when={kind()?.View}>
        {(View) => (
          <Dynamic
            component={View()}
            widget={props.widget}
            title={props.title}
            result={props.result}
            shown={props.shown}
          />
        )}
      </Match>
    </Switch>
  );
}

/** An error of the API. */
function WidgetError(props: { problem: Problem }): JSX.Element {
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
