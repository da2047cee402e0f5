/**
 * The grid: twelve columns of cloth. On the server and in the browser it is CSS alone; on a narrow screen one column, in the order
 * in which the page is read.
 * @module
 */
import { createEffect, createMemo, For, type JSX, Show } from "solid-js";
import type { Place, Widget } from "../../../../schema/wire/dashboard";
import type { Results } from "../../client/dashboards";
import type { Arranging } from "./arrange";
import { inReadingOrder, placeWords, settle } from "./layout";
import type { Shown } from "./shown";
import { titleOf, WidgetView } from "./widget";
import widgetStyles from "./widget.module.css";

/** A place as the grid takes it. */
function placed({ x, y, w, h }: Place): JSX.CSSProperties {
  return { "grid-area": `${y + 1} / ${x + 1} / span ${h} / span ${w}`, "--h": `${h}` };
}

interface GridProps {
  widgets: readonly Widget[];
  /** By widget id; a widget without one is being counted. */
  answers: Results;
  shown: Shown;
  /** Left out: nothing can be moved. */
  arranging?: Arranging;
  /** At the end of a widget's head. */
  tools?: (widget: Widget) => JSX.Element;
}

/** Widgets at their places; what a file placed over each other falls apart first. */
export function Grid(props: GridProps): JSX.Element {
  let grid!: HTMLDivElement;
  createEffect(() => props.arranging?.setGrid(grid));
  const settled = createMemo(() => settle(props.arranging?.preview() ?? props.widgets));
  const byId = createMemo(() => new Map(settled().map((widget) => [widget.id, widget])));
  // While something is dragged the elements keep their order: one that moves in the document loses the pointer.
  const order = createMemo<string[]>((last) => {
    if (props.arranging?.dragged() && last) return last;
    return inReadingOrder(settled()).map(({ id }) => id);
  });
  return (
    <div class={widgetStyles.grid} data-arranging={props.arranging ? "" : undefined} ref={grid}>
      <For each={order()}>
        {(id) => (
          <Show when={byId().get(id)}>
            {(widget) => <Frame {...props} widget={widget()} answer={props.answers[id]} />}
          </Show>
        )}
      </For>
      <Show when={props.arranging?.dragged() && byId().get(props.arranging.dragged()?.id ?? "")}>
        {(ghost) => <i class={widgetStyles.ghost} style={placed(ghost().place)} />}
      </Show>
    </div>
  );
}

function Frame(props: GridProps & { widget: Widget; answer: Results[string] | undefined }): JSX.Element {
  const title = () => titleOf(props.widget, props.shown.naming) || "Text";
  const dragged = () => {
    const held = props.arranging?.dragged();
    return held?.id === props.widget.id ? held : undefined;
  };
  const style = () => dragged()?.style ?? placed(props.widget.place);
  return (
    <article
      class={`panel ${widgetStyles.widget}`}
      data-widget={props.widget.id}
      data-kind={props.widget.kind}
      data-dragged={dragged() ? "" : undefined}
      style={style()}
      aria-label={props.arranging ? `${title()}: ${placeWords(props.widget.place)}` : title()}
      aria-describedby={props.arranging && "arranging-help"}
      tabindex={props.arranging ? 0 : undefined}
      onKeyDown={(event) => props.arranging?.press(event, props.widget.id)}
    >
      <WidgetView
        widget={props.widget}
        answer={props.answer}
        shown={props.shown}
        tools={props.tools?.(props.widget)}
      />
      <Show when={props.arranging}>
        {(arranging) => (
          <>
            {/* Pointers only: keys move the focused widget itself. */}
            <i
              class={widgetStyles.grip}
              aria-hidden="true"
              onPointerDown={(event) => arranging().grip(event, props.widget.id, "move")}
            />
            <i
              class={widgetStyles.corner}
              aria-hidden="true"
              onPointerDown={(event) => arranging().grip(event, props.widget.id, "resize")}
            />
          </>
        )}
      </Show>
    </article>
  );
}
