/**
 * The side panel: threads of the dashboard or of one spot, and a line to begin one.
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
import type { Talk } from "./thread-context";
import { pick, type Shown } from "./threads";

const NoteDialog = lazy(() => import("./note-dialog"));

const STATES = { open: "Open", resolved: "Resolved", all: "All" } as const satisfies Record<Shown, string>;
const STATE_NAMES = Object.keys(STATES) as Shown[];

/** Mounted while the panel is open. */
export default function DiscussionPanel(props: { talk: Talk }): JSX.Element {
  const [shown, setShown] = createSignal<Shown>("open");
  const [problem, setProblem] = createSignal<Problem>();
  let panel!: HTMLElement;
  const { talk } = props;
  const threads = () => pick(talk.threads(), shown(), talk.spot());
  onMount(() => panel.focus({ preventScroll: true }));
  const begin = async (body: string) => {
    const { project, dashboard } = talk.about();
    const spot = talk.spot();
    const result = await addComment(project, dashboard, {
      widget_id: spot?.widget ?? null,
      at: spot?.at ?? null,
      body,
    });
    setProblem(problemOf(result));
    if (!result.ok) return false;
    if (shown() === "resolved") setShown("open");
    await talk.renew();
    return true;
  };
  return (
    <aside
      class={styles.panel}
      aria-label="Discussion"
      tabindex="-1"
      ref={panel}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) talk.setOpen(false);
      }}
    >
      <div class={styles.head}>
        <h2>Discussion</h2>
        <Button
          kind="quiet"
          size="s"
          data-icon
          aria-label="Close the discussion"
          onClick={() => talk.setOpen(false)}
        >
          <Icon name="close" />
        </Button>
      </div>
      <div class={styles.body}>
        <Show when={talk.spot()}>
          {(spot) => (
            <ul class="chips" aria-label="About">
              <Chip name={`About ${spotLabel(talk, spot())}`} onRemove={() => talk.lookAt(null)}>
                About <b>{spotLabel(talk, spot())}</b>
              </Chip>
            </ul>
          )}
        </Show>
        <Composer
          label="New comment"
          placeholder={talk.spot() ? "What about this number?" : "Say something about this dashboard"}
          send="Comment"
          people={talk.about().people}
          onSend={begin}
        />
        <NoteDay talk={talk} />
        <ProblemNotice problem={problem() ?? talk.problem()} />
        <fieldset class={`segments ${styles.states}`}>
          <legend class="visually-hidden">Threads to show</legend>
          <For each={STATE_NAMES}>
            {(state) => (
              <button type="button" aria-pressed={shown() === state} onClick={() => setShown(state)}>
                {STATES[state]} <span class="soft">{pick(talk.threads(), state, talk.spot()).length}</span>
              </button>
            )}
          </For>
        </fieldset>
        <Show when={threads().length > 0} fallback={<Nothing shown={shown()} />}>
          <ol class={styles.threads}>
            <For each={threads()}>{(thread) => <ThreadCard talk={talk} thread={thread} />}</For>
          </ol>
        </Show>
        <p class="visually-hidden" aria-live="polite">
          {threads().length === 1 ? "1 thread" : `${threads().length} threads`}
        </p>
      </div>
    </aside>
  );
}

/** A moment of a chart can also be noted for every chart of the project. */
function NoteDay(props: { talk: Talk }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const about = () => props.talk.about();
  const found = createAsync(() => annotations(about().project));
  const notes = () => dataOf(found.latest)?.data ?? [];
  return (
    <Show when={props.talk.spot()?.at ?? undefined}>
      {(at) => (
        <div>
          <Button size="s" kind="quiet" onClick={() => setOpen(true)}>
            <Icon name="flag" size={16} />
            Note this day on every chart
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

function Nothing(props: { shown: Shown }): JSX.Element {
  return (
    <p class="soft nothing">
      {props.shown === "resolved"
        ? "Nothing has been resolved yet. A resolved thread is kept here and can be opened again."
        : "Nobody has said anything here. Begin above, at the mark of a widget, or at a day of a chart."}
    </p>
  );
}
