/**
 * The grid of widgets: twelve columns in CSS; on a narrow screen one column in reading order.
 * @module
 */
import { createEffect, createMemo, For, type JSX, Show } from "solid-js";
import type { Place, Widget } from "../../../../schema/wire/dashboard";
import type { Results } from "../../client/dashboards";
import type { Arranging } from "./arrange";
import { inReadingOrder, placeText, settle } from "./layout";
import type { Shown } from "./shown";
import { titleOf, WidgetView } from "./widget";
import widgetStyles from "./widget.module.css";

/** Converts a place to grid styles. */
function placed({ x, y, w, h }: Place): JSX.CSSProperties {
  return { "grid-area": `${y + 1} / ${x + 1} / span ${h} / span ${w}`, "--h": `${h}` };
}

interface GridProps {
  widgets: readonly Widget[];
  /** By widget id; missing while loading. */
  answers: Results;
  shown: Shown;
  /** Undefined when nothing can be moved. */
  arranging?: Arranging;
  /** Rendered at the end of a widget's header. */
  tools?: (widget: Widget) => JSX.Element;
}

/** Widgets at their places; overlapping places from a file are separated first. */
export function Grid(props: GridProps): JSX.Element {
  let grid!: HTMLDivElement;
  createEffect(() => props.arranging?.setGrid(grid));
  const settled = createMemo(() => settle(props.arranging?.preview() ?? props.widgets));
  const byId = createMemo(() => new Map(settled().map((widget) => [widget.id, widget])));
  // Elements keep their order during a drag: one that moves in the document loses the pointer.
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
    const current = props.arranging?.dragged();
    return current?.id === props.widget.id ? current : undefined;
  };
  const style = () => dragged()?.style ?? placed(props.widget.place);
  return (
    <article
      class={`panel ${widgetStyles.widget}`}
      data-widget={props.widget.id}
      data-kind={props.widget.kind}
      data-dragged={dragged() ? "" : undefined}
      style={style()}
      aria-label={props.arranging ? `${title()}: ${placeText(props.widget.place)}` : title()}
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
            {/* For pointers; keys move the focused widget itself. */}
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
