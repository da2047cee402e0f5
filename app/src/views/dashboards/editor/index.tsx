/**
 * The widget editor: a preview and the settings of the widget.
 * @module
 */
import {
  createEffect,
  createSignal,
  createUniqueId,
  For,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
} from "solid-js";
import { Dynamic } from "solid-js/web";
import type { Dashboard, ResultsRequest, Widget, WidgetKind } from "../../../../../schema/wire/dashboard";
import type { Metric } from "../../../../../schema/wire/metric";
import type { Project } from "../../../../../schema/wire/project";
import type { Catalog } from "../../../../../worker/questions/metrics";
import { queryDashboard, type Results } from "../../../client/dashboards";
import { Button } from "../../../ui/button";
import { TextField } from "../../../ui/field";
import { Icon } from "../../../ui/icon";
import { KindPicture } from "../kind-picture";
import { isQueryKind, KIND_NAMES, KINDS } from "../kinds";
import type { QueryKind } from "../kinds/kind";
import type { Naming } from "../naming";
import type { Shown } from "../shown";
import { titleOf, WidgetView } from "../widget";
import widgetStyles from "../widget.module.css";
import { asKind, newWidget } from "./convert";
import styles from "./editor.module.css";
import { QueryForm } from "./query-form";

/** Delay after the last change before the preview is queried. */
const DEBOUNCE_MS = 250;

interface EditorProps {
  project: Project;
  dashboard: Dashboard;
  /** Range, comparison and filters of the dashboard. */
  setting: ResultsRequest;
  /** Undefined for a new widget. */
  widget: Widget | undefined;
  naming: Naming;
  catalog: Catalog | undefined;
  defined: Metric[];
  shown: Shown;
  onClose: () => void;
  onDone: (widget: Widget) => void;
}

/** Follows `props.widget`; changes are applied on Save. */
export default function Editor(props: EditorProps): JSX.Element {
  const emptyWidget = () =>
    newWidget(
      `w-${createUniqueId()
        .replaceAll(/[^a-z0-9]/gi, "")
        .toLowerCase()}${Date.now().toString(36)}`,
    );
  const [widget, setWidget] = createSignal(props.widget ?? emptyWidget());
  createEffect(
    on(
      () => props.widget?.id,
      () => setWidget(props.widget ?? emptyWidget()),
      { defer: true },
    ),
  );
  const answer = createPreview(props, widget);
  let panel!: HTMLElement;
  const opener = document.activeElement;
  onMount(() => panel.querySelector<HTMLElement>("input, select, textarea")?.focus());
  onCleanup(() => opener instanceof HTMLElement && opener.isConnected && opener.focus());
  const change = (part: Partial<Widget>) => setWidget((now) => ({ ...now, ...part }));
  const queryKind = () => {
    const kind = KINDS[widget().kind];
    return isQueryKind(kind) ? kind : undefined;
  };
  const readOnly = (): Shown => ({
    ...props.shown,
    onRange: undefined,
    onFilter: undefined,
    onMoment: undefined,
  });
  return (
    <aside
      class={styles.editor}
      aria-label={props.widget ? `Edit ${titleOf(widget(), props.naming) || "text"}` : "New widget"}
      ref={panel}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.stopPropagation();
        props.onClose();
      }}
    >
      <div class={styles.head}>
        <h2>{props.widget ? "Edit widget" : "New widget"}</h2>
        <Button
          kind="quiet"
          size="s"
          data-icon
          aria-label="Close without saving"
          onClick={() => props.onClose()}
        >
          <Icon name="close" />
        </Button>
      </div>
      <form
        class={`${styles.form} form`}
        onSubmit={(event) => {
          event.preventDefault();
          props.onDone(widget());
        }}
      >
        <section
          class={`panel ${widgetStyles.widget} ${styles.preview}`}
          aria-label="Preview"
          data-kind={widget().kind}
        >
          <WidgetView widget={widget()} answer={answer()} shown={readOnly()} />
        </section>
        <Kinds kind={widget().kind} onChange={(kind) => setWidget((now) => asKind(now, kind))} />
        <TextField
          label="Title"
          value={widget().title}
          maxlength={200}
          placeholder={titleOf({ ...widget(), title: "" }, props.naming)}
          autocomplete="off"
          onInput={(event) => change({ title: event.currentTarget.value })}
        />
        <Show when={queryKind() && widget().query}>
          {(query) => (
            <QueryForm
              project={props.project.id}
              kind={queryKind() as QueryKind}
              query={query()}
              naming={props.naming}
              catalog={props.catalog}
              defined={props.defined}
              onQuery={(next) => change({ query: next })}
            />
          )}
        </Show>
        <Show when={KINDS[widget().kind].Settings}>
          {(Settings) => (
            <Dynamic component={Settings()} widget={widget()} naming={props.naming} onChange={change} />
          )}
        </Show>
        <div class={styles.foot}>
          <Button onClick={() => props.onClose()}>Cancel</Button>
          <Button kind="main" type="submit">
            {props.widget ? "Save" : "Add to dashboard"}
          </Button>
        </div>
      </form>
    </aside>
  );
}

/** Queries like the dashboard, debounced; outdated results are dropped. */
function createPreview(props: EditorProps, widget: () => Widget) {
  const [answer, setAnswer] = createSignal<Results[string]>();
  let latest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const load = async (current: Widget, setting: ResultsRequest) => {
    const request = ++latest;
    const { project_id, id } = props.dashboard;
    const found = await queryDashboard(project_id, id, { ...setting, widgets: [{ ...current, title: "" }] });
    if (request === latest) setAnswer(found.ok ? found.data[current.id] : found.problem);
  };
  createEffect(
    on(
      () => JSON.stringify([widget().kind, widget().query, props.setting]),
      () => {
        clearTimeout(timer);
        const current = widget();
        if (current.query) timer = setTimeout(() => void load(current, props.setting), DEBOUNCE_MS);
      },
    ),
  );
  return answer;
}

function Kinds(props: { kind: WidgetKind; onChange: (kind: WidgetKind) => void }): JSX.Element {
  return (
    <fieldset class={styles.group}>
      <legend>Type</legend>
      <div class={styles.kinds}>
        <For each={KIND_NAMES}>
          {(name) => (
            <button
              type="button"
              class={styles.kind}
              aria-pressed={props.kind === name}
              title={KINDS[name].description}
              onClick={() => props.onChange(name)}
            >
              <KindPicture kind={name} />
              {KINDS[name].label}
            </button>
          )}
        </For>
      </div>
      <p class="hint">{KINDS[props.kind].description}</p>
    </fieldset>
  );
}
