/**
 * An open dashboard: widgets, editing and live updates.
 * @module
 */
import { createAsync, revalidate, useLocation, useNavigate } from "@solidjs/router";
import { createMemo, createSignal, type JSX, lazy, Show, Suspense } from "solid-js";
import type { z } from "zod";
import type { meSchema } from "../../../../schema/wire/account";
import type { Dashboard, Widget } from "../../../../schema/wire/dashboard";
import type { Condition } from "../../../../schema/wire/filter";
import type { Metric } from "../../../../schema/wire/metric";
import type { Project } from "../../../../schema/wire/project";
import type { Catalog } from "../../../../worker/questions/metrics";
import { ownDashboard, type Results } from "../../client/dashboards";
import { annotations, comments } from "../../client/discussion";
import { type Answer, dataOf, problemOf } from "../../client/http";
import { metrics } from "../../client/metrics";
import { people as peopleOf } from "../../client/organizations";
import { createThrottle } from "../../primitives/throttle";
import { joined, parseQueryState, type QueryState, querySearch, withFilter } from "../../query-state";
import { createDiscussion, Discussion } from "../discussion";
import { createNotes } from "../discussion/notes";
import { Controls } from "../explore/controls";
import { FilterChips, without } from "../explore/filters";
import { type ExploreState, parseState } from "../explore/state";
import { createLive } from "../live/create-live";
import { atLeast, roleIn } from "../organizations/roles";
import { useFrame, usePageShortcuts } from "../shell/frame";
import { ProjectSwitcher } from "../shell/project-switcher";
import { Main, TopBar } from "../shell/shell";
import { createArranging } from "./arrange";
import { Blank } from "./blank";
import { results } from "./data";
import { createDraft, type Draft } from "./draft";
import { createFullScreen } from "./full-screen";
import { Grid } from "./grid";
import { Head } from "./head";
import { freePlace, settle } from "./layout";
import type { Naming } from "./naming";
import { Notices } from "./notices";
import styles from "./open.module.css";
import { SavedView } from "./saved-view";
import type { Shown } from "./shown";
import { inForce } from "./state";
import { Tools } from "./tools";
import { titleOf } from "./widget";

const Editor = lazy(() => import("./editor"));

/** Shortest time between two reloads of the results while events arrive. */
const RELOAD_EVERY_MS = 2000;
/** Editor state of a new widget. */
const NEW = "";

export interface OpenProps {
  project: Project;
  /** The last version from the server. */
  saved: Dashboard;
  /** Undefined only while the first results load. */
  answer: Answer<Results> | undefined;
  naming: Naming;
  catalog: Catalog | undefined;
  defined: Metric[];
  me: z.infer<typeof meSchema> | undefined;
}

/** The page of a dashboard. */
export function Open(props: OpenProps): JSX.Element {
  const location = useLocation();
  const navigate = useNavigate();
  const draft = createDraft(() => props.saved);
  const content = draft.content;
  const widgetOf = (id: string) => content().widgets.find((one) => one.id === id);
  const nameOf = (id: string) => {
    const widget = widgetOf(id);
    return widget ? titleOf(widget, props.naming) || "Text" : "";
  };

  const view = createMemo(() => parseQueryState(location.search));
  const force = () => inForce(content(), view());
  const look = (next: Partial<QueryState>) =>
    navigate(`${location.pathname}${querySearch({ ...view(), ...next })}`, { scroll: false });
  const filter = (condition: Condition) => look({ filters: withFilter(view().filters, condition, false) });
  const state = (): ExploreState => ({ ...parseState(""), ...force(), filters: view().filters });

  const role = () => roleIn(props.me?.organizations ?? [], props.project.organization_id) ?? "viewer";
  const canEdit = () => atLeast(role(), "editor");
  const [isEditing, setEditing] = createSignal(canEdit() && new URLSearchParams(location.search).has("edit"));
  const [opened, setOpened] = createSignal<string>();
  const [panel, setPanel] = createSignal<"range" | "filter">();
  const full = createFullScreen();
  usePageShortcuts({
    r: () => setPanel("range"),
    "/": () => setPanel("filter"),
    f: full.toggle,
    e: () => canEdit() && setEditing(!isEditing()),
  });

  const people = createAsync(() => peopleOf(props.project.organization_id), {
    deferStream: true,
    initialValue: [],
  });
  const discussion = createDiscussion(() => ({
    project: props.project.id,
    dashboard: props.saved.id,
    timezone: props.project.timezone,
    me: { user_id: props.me?.user.id ?? "", name: props.me?.user.name ?? "", role: role() },
    people: people(),
    widgetTitle: (id) => (widgetOf(id) ? nameOf(id) : undefined),
  }));
  const lastBy = createLiveUpdates(props, draft, discussion.handleFrame);

  // A failed reload keeps the current results.
  const answers = createMemo<Results>((last) => dataOf(props.answer) ?? last, {});
  const problem = () => problemOf(props.answer);
  const notes = createNotes(
    () => props.project.id,
    () => props.project.timezone,
  );
  // Updates the current time with the results.
  const now = createMemo(() => (answers() ? Date.now() : 0));
  const shown = createMemo(
    (): Shown => ({
      naming: props.naming,
      timezone: props.project.timezone,
      compare: force().compare,
      now: now(),
      flags: notes.flags(),
      onRange: (from, to) =>
        look({ range: { from: new Date(from).toISOString(), to: new Date(to).toISOString() } }),
      onFilter: filter,
      onMoment: (widget, at) => discussion.select({ widget, at }),
    }),
  );

  const [removed, setRemoved] = createSignal<string>();
  const put = (widgets: Widget[]) => {
    setRemoved(undefined);
    draft.change({ widgets });
  };
  const remove = (id: string) => {
    const name = nameOf(id);
    setOpened(undefined);
    put(settle(content().widgets.filter((one) => one.id !== id)));
    setRemoved(name);
  };
  const keep = (widget: Widget) => {
    const { widgets } = content();
    const isKnown = widgetOf(widget.id) !== undefined;
    const next = isKnown ? widget : { ...widget, place: freePlace(widgets, widget.kind) };
    put(settle(isKnown ? widgets.map((one) => (one.id === widget.id ? next : one)) : [...widgets, next]));
    setOpened(undefined);
  };
  const arranging = createArranging({
    widgets: () => content().widgets,
    titleOf: nameOf,
    onArrange: put,
    onOpen: setOpened,
    onRemove: remove,
  });
  const add = () => {
    setEditing(true);
    setOpened(NEW);
  };

  return (
    <Discussion discussion={discussion}>
      <TopBar>
        <ProjectSwitcher current={props.project.id} name={props.project.name} />
        <Controls
          project={props.project}
          state={state()}
          open={panel()}
          onOpen={setPanel}
          onChange={({ range, compare }) => look({ ...(range && { range }), ...(compare && { compare }) })}
          onFilter={filter}
        />
      </TopBar>
      <Main class={styles.page}>
        <Head
          draft={draft}
          timezone={props.project.timezone}
          range={force().range}
          view={{
            range: view().range,
            filters: joined(view().filters.length ? { and: view().filters } : undefined),
          }}
          canEdit={canEdit()}
          isEditing={isEditing()}
          isFull={full.isFull()}
          onEdit={(next) => {
            setEditing(next);
            setOpened(undefined);
          }}
          onFull={full.toggle}
          onAdd={add}
        />
        <FilterChips
          filters={view().filters}
          onRemove={(gone) => look({ filters: without(view().filters, gone) })}
          onClear={() => look({ filters: [] })}
        />
        <Notices
          draft={draft}
          problem={problem()}
          by={people().find(({ user_id }) => user_id === lastBy())?.name}
          removed={removed()}
          onRestore={() => {
            draft.undo();
            setRemoved(undefined);
          }}
        />
        <SavedView
          draft={draft}
          view={view()}
          isEditing={isEditing()}
          onTaken={() => look({ range: undefined, compare: undefined, filters: [] })}
        />
        <Show when={content().widgets.length > 0} fallback={<Blank canEdit={canEdit()} onAdd={add} />}>
          <Grid
            widgets={content().widgets}
            answers={answers()}
            shown={shown()}
            arranging={isEditing() ? arranging : undefined}
            tools={(widget) => (
              <Tools
                widget={widget.id}
                name={nameOf(widget.id)}
                isEditing={isEditing()}
                onStep={(step) => arranging.step(widget.id, step)}
                onOpen={() => setOpened(widget.id)}
                onRemove={() => remove(widget.id)}
              />
            )}
          />
        </Show>
        <p class="small soft">Times in {props.project.timezone.replaceAll("_", " ")}</p>
        <p id="arranging-help" class="visually-hidden">
          Arrow keys move this widget, shift and arrow keys resize it, enter opens its editor, delete removes
          it.
        </p>
        <p class="visually-hidden" role="status">
          {arranging.announcement()}
        </p>
      </Main>
      {notes.dialog}
      <Show when={opened() !== undefined}>
        <Suspense>
          <Editor
            project={props.project}
            dashboard={content()}
            setting={{
              ...force(),
              filters: joined(content().filters, view().filters.length ? { and: view().filters } : undefined),
            }}
            widget={widgetOf(opened() ?? NEW)}
            naming={props.naming}
            catalog={props.catalog}
            defined={props.defined}
            shown={shown()}
            onClose={() => setOpened(undefined)}
            onDone={keep}
          />
        </Suspense>
      </Show>
    </Discussion>
  );
}

/** Subscribes to the live room of the project and reloads results and changes. Returns who last changed the dashboard. */
function createLiveUpdates(
  props: OpenProps,
  draft: Draft,
  handleFrame: ReturnType<typeof createDiscussion>["handleFrame"],
) {
  const frame = useFrame();
  const [by, setBy] = createSignal<string>();
  createLive(() => props.project.id, {
    arrived: frame.arrived,
    folded: createThrottle(() => void revalidate(results.key), RELOAD_EVERY_MS),
    dashboard: () => props.saved.id,
    back: () => void revalidate([ownDashboard.key, metrics.key, comments.key, annotations.key]),
    people(update) {
      handleFrame(update);
      if (update.type !== "changed") return;
      if (update.what === "metrics") void revalidate([metrics.key, results.key]);
      if (update.what !== "dashboard" || update.id !== props.saved.id) return;
      setBy(update.by);
      if ((update.version ?? Number.POSITIVE_INFINITY) > draft.content().version) void draft.read();
    },
  });
  return by;
}
