/**
 * The side panel: threads of the dashboard or of one place, and a field to start one.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { createSignal, For, type JSX, lazy, onMount, Show, Suspense } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import { addComment, annotations } from "../../client/discussion";
import { dataOf, problemOf } from "../../client/http";
import { Button } from "../../ui/button";
import { Chip } from "../../ui/chip";
import { DAY_MS } from "../../ui/clock";
import { Icon } from "../../ui/icon";
import { ProblemNotice } from "../../ui/problem";
import { Composer } from "./composer";
import styles from "./panel.module.css";
import { spotLabel, ThreadCard } from "./thread";
import type { DiscussionState } from "./thread-context";
import { pick, type Shown } from "./threads";

const NoteDialog = lazy(() => import("./note-dialog"));

const STATES = { open: "Open", resolved: "Resolved", all: "All" } as const satisfies Record<Shown, string>;
const STATE_NAMES = Object.keys(STATES) as Shown[];

/** Mounted while the panel is open. */
export default function DiscussionPanel(props: { discussion: DiscussionState }): JSX.Element {
  const [shown, setShown] = createSignal<Shown>("open");
  const [problem, setProblem] = createSignal<Problem>();
  let panel!: HTMLElement;
  const { discussion } = props;
  const threads = () => pick(discussion.threads(), shown(), discussion.spot());
  onMount(() => panel.focus({ preventScroll: true }));
  const startThread = async (body: string) => {
    const { project, dashboard } = discussion.about();
    const spot = discussion.spot();
    const result = await addComment(project, dashboard, {
      widget_id: spot?.widget ?? null,
      at: spot?.at ?? null,
      body,
    });
    setProblem(problemOf(result));
    if (!result.ok) return false;
    if (shown() === "resolved") setShown("open");
    await discussion.reload();
    return true;
  };
  return (
    <aside
      class={styles.panel}
      aria-label="Discussion"
      tabindex="-1"
      ref={panel}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) discussion.setOpen(false);
      }}
    >
      <div class={styles.head}>
        <h2>Discussion</h2>
        <Button
          kind="quiet"
          size="s"
          data-icon
          aria-label="Close discussion"
          onClick={() => discussion.setOpen(false)}
        >
          <Icon name="close" />
        </Button>
      </div>
      <div class={styles.body}>
        <Show when={discussion.spot()}>
          {(spot) => (
            <ul class="chips" aria-label="About">
              <Chip name={`About ${spotLabel(discussion, spot())}`} onRemove={() => discussion.select(null)}>
                About <b>{spotLabel(discussion, spot())}</b>
              </Chip>
            </ul>
          )}
        </Show>
        <Composer
          label="New comment"
          placeholder={"Add a comment"}
          send="Comment"
          people={discussion.about().people}
          onSend={startThread}
        />
        <NoteDay discussion={discussion} />
        <ProblemNotice problem={problem() ?? discussion.problem()} />
        <fieldset class={`segments ${styles.states}`}>
          <legend class="visually-hidden">Threads to show</legend>
          <For each={STATE_NAMES}>
            {(state) => (
              <button type="button" aria-pressed={shown() === state} onClick={() => setShown(state)}>
                {STATES[state]}{" "}
                <span class="soft">{pick(discussion.threads(), state, discussion.spot()).length}</span>
              </button>
            )}
          </For>
        </fieldset>
        <Show when={threads().length > 0} fallback={<NoThreads shown={shown()} />}>
          <ol class={styles.threads}>
            <For each={threads()}>{(thread) => <ThreadCard discussion={discussion} thread={thread} />}</For>
          </ol>
        </Show>
        <p class="visually-hidden" aria-live="polite">
          {threads().length === 1 ? "1 thread" : `${threads().length} threads`}
        </p>
      </div>
    </aside>
  );
}

/** Adds an annotation at the selected time, shown on all charts of the project. */
function NoteDay(props: { discussion: DiscussionState }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const about = () => props.discussion.about();
  const found = createAsync(() => annotations(about().project));
  const notes = () => dataOf(found.latest)?.data ?? [];
  return (
    <Show when={props.discussion.spot()?.at ?? undefined}>
      {(at) => (
        <div>
          <Button size="s" kind="quiet" onClick={() => setOpen(true)}>
            <Icon name="flag" size={16} />
            Add note to all charts
          </Button>
          <Show when={open()}>
            <Suspense>
              <NoteDialog
                project={about().project}
                timezone={about().timezone}
                notes={notes()}
                span={{ from: at(), to: at() + DAY_MS }}
                onClose={() => setOpen(false)}
              />
            </Suspense>
          </Show>
        </div>
      )}
    </Show>
  );
}

function NoThreads(props: { shown: Shown }): JSX.Element {
  return (
    <p class="soft nothing">
      {props.shown === "resolved"
        ? "No resolved threads."
        : "No comments yet. Comment above, on a widget, or on a day of a chart."}
    </p>
  );
}
