/**
 * The overview: controls, data and live updates.
 * @module
 */
import { revalidate, useLocation, useNavigate } from "@solidjs/router";
import { createMemo, createSignal, type JSX, Show } from "solid-js";
import type { Condition } from "../../../../schema/wire/filter";
import type { Project } from "../../../../schema/wire/project";
import { annotations } from "../../client/discussion";
import { type Answer, dataOf, problemOf } from "../../client/http";
import { project as projectQuery } from "../../client/projects";
import { createThrottle } from "../../primitives/throttle";
import { withFilter } from "../../query-state";
import { Button } from "../../ui/button";
import { ProblemNotice } from "../../ui/problem";
import { createNotes } from "../discussion/notes";
import { createLive } from "../live/create-live";
import { LiveFeed } from "../live/live-feed";
import { VisitorsNow } from "../live/visitors-now";
import { FirstEvent } from "../projects/first-event";
import { useFrame, usePageShortcuts } from "../shell/frame";
import { ProjectSwitcher } from "../shell/project-switcher";
import { Main, TopBar } from "../shell/shell";
import { Controls } from "./controls";
import { dashboard } from "./data";
import styles from "./explore.module.css";
import { FilterChips, without } from "./filters";
import { Numbers } from "./numbers";
import type { Dashboard } from "./shape";
import { type ExploreState, parseState, stateSearch } from "./state";

/** Shortest time between two reloads of the data while events arrive. */
const RELOAD_EVERY_MS = 2000;

/** The page of a project. `answer` is undefined only while the first data loads. */
export function Explore(props: { project: Project; answer: Answer<Dashboard> | undefined }): JSX.Element {
  const frame = useFrame();
  const location = useLocation();
  const navigate = useNavigate();
  const state = createMemo(() => parseState(location.search));
  const [open, setOpen] = createSignal<"range" | "filter">();
  const change = (next: Partial<ExploreState>) =>
    navigate(`${location.pathname}${stateSearch({ ...state(), ...next })}`, { scroll: false });
  const filter = (condition: Condition, only = false) =>
    change({ filters: withFilter(state().filters, condition, only) });

  const reload = createThrottle(() => {
    void revalidate(
      props.project.first_event_at === null ? [projectQuery.key, dashboard.key] : dashboard.key,
    );
  }, RELOAD_EVERY_MS);
  const notes = createNotes(
    () => props.project.id,
    () => props.project.timezone,
  );
  const live = createLive(() => props.project.id, {
    arrived: frame.arrived,
    folded: reload,
    people: (received) => {
      if (received.type === "changed" && received.what === "annotations") void revalidate(annotations.key);
    },
  });

  usePageShortcuts({
    r: () => setOpen("range"),
    f: () => setOpen("filter"),
    "/": () => setOpen("filter"),
    l: () => {
      const feed = document.getElementById("live");
      feed?.scrollIntoView({ behavior: "smooth", block: "start" });
      feed?.focus({ preventScroll: true });
    },
    p: () => live.setPaused(!live.paused()),
  });

  // A failed reload keeps the current data.
  const shown = createMemo<Dashboard | undefined>((last) => dataOf(props.answer) ?? last);
  const problem = () => problemOf(props.answer);
  return (
    <>
      <TopBar>
        <ProjectSwitcher current={props.project.id} name={props.project.name} />
        <Show when={props.project.first_event_at !== null}>
          <Controls
            project={props.project}
            state={state()}
            open={open()}
            onOpen={setOpen}
            onChange={change}
            onFilter={filter}
          />
        </Show>
        <VisitorsNow live={live} />
      </TopBar>
      <Main class={styles.explore}>
        <h1 class="visually-hidden">{props.project.name}</h1>
        <FilterChips
          filters={state().filters}
          onRemove={(gone) => change({ filters: without(state().filters, gone) })}
          onClear={() => change({ filters: [] })}
        />
        <ProblemNotice
          problem={problem()}
          action={
            <Button size="s" onClick={() => void revalidate(dashboard.key)}>
              Try again
            </Button>
          }
        />
        <Show
          when={props.project.first_event_at !== null}
          fallback={<FirstEvent project={props.project} link={live.link()} />}
        >
          <Show when={shown()}>
            {(data) => (
              <Numbers
                data={data()}
                timezone={props.project.timezone}
                state={state()}
                onChange={change}
                onFilter={filter}
                notes={notes}
              />
            )}
          </Show>
        </Show>
        <LiveFeed live={live} timezone={props.project.timezone} />
        {notes.dialog}
      </Main>
    </>
  );
}
