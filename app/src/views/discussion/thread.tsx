/**
 * A thread: its place, comments, reply and resolve.
 * @module
 */
import { useLocation } from "@solidjs/router";
import { createSignal, For, type JSX, onMount, Show } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import { addComment, editComment } from "../../client/discussion";
import { problemOf } from "../../client/http";
import { Button } from "../../ui/button";
import { ago, moment } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { CommentLine } from "./comment";
import { Composer } from "./composer";
import styles from "./thread.module.css";
import type { DiscussionState } from "./thread-context";
import type { Spot, Thread } from "./threads";

/** Formats a time of a chart as day, with the hour unless it is midnight. */
function momentLabel(at: number, timezone: string): string {
  const time = moment(at, locale(), timezone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = moment(at, locale(), timezone, { day: "numeric", month: "short" });
  return time === "00:00" ? day : `${day}, ${time}`;
}

/** Returns the label of a place: widget and time, or the dashboard. */
export function spotLabel(discussion: DiscussionState, { widget, at }: Spot): string {
  if (widget === null) return "Dashboard";
  const title = discussion.about().widgetTitle(widget) ?? "Deleted widget";
  return at === null ? title : `${title}, ${momentLabel(at, discussion.about().timezone)}`;
}

/** A thread in the panel. */
export function ThreadCard(props: { discussion: DiscussionState; thread: Thread }): JSX.Element {
  const [replying, setReplying] = createSignal(false);
  const [problem, setProblem] = createSignal<Problem>();
  const location = useLocation();
  const about = () => props.discussion.about();
  const first = () => props.thread.first;
  const spot = (): Spot => ({ widget: first().widget_id, at: first().at });
  const isTarget = () => {
    const meant = new URLSearchParams(location.search).get("comment");
    return [first(), ...props.thread.answers].some(({ id }) => id === meant);
  };
  const answer = async (body: string) => {
    const { dashboard_id, widget_id, at, id } = first();
    const result = await addComment(about().project, dashboard_id, {
      widget_id,
      at,
      parent_id: id,
      body,
    });
    setProblem(problemOf(result));
    if (!result.ok) return false;
    setReplying(false);
    await props.discussion.reload();
    return true;
  };
  const resolve = async () => {
    const { dashboard_id, id } = first();
    const resolved = !props.thread.isResolved;
    const result = await editComment(about().project, dashboard_id, id, { resolved });
    setProblem(problemOf(result));
    if (result.ok) await props.discussion.reload();
  };
  return (
    <li
      class={styles.thread}
      ref={(card) => onMount(() => isTarget() && card.scrollIntoView({ block: "center" }))}
      data-pointed={isTarget() ? "" : undefined}
      data-resolved={props.thread.isResolved ? "" : undefined}
    >
      <button type="button" class={styles.place} onClick={() => showWidget(props.discussion, spot())}>
        <Icon name={first().at === null ? "discussion" : "flag"} size={14} />
        {spotLabel(props.discussion, spot())}
      </button>
      <CommentLine discussion={props.discussion} comment={first()} />
      <For each={props.thread.answers}>
        {(comment) => <CommentLine discussion={props.discussion} comment={comment} />}
      </For>
      <ProblemNotice problem={problem()} />
      <Show
        when={replying()}
        fallback={
          <p class={styles.foot}>
            <Show when={!props.thread.isResolved} fallback={<ResolvedBy thread={props.thread} />}>
              <Button size="s" kind="quiet" onClick={() => setReplying(true)}>
                Reply
              </Button>
            </Show>
            <Button size="s" kind="quiet" onClick={() => void resolve()}>
              <Icon name={props.thread.isResolved ? "restore" : "check"} size={16} />
              {props.thread.isResolved ? "Reopen" : "Resolve"}
            </Button>
          </p>
        }
      >
        <Composer
          label="Reply"
          send="Reply"
          people={about().people}
          autofocus
          onSend={answer}
          onCancel={() => setReplying(false)}
        />
      </Show>
    </li>
  );
}

function ResolvedBy(props: { thread: Thread }): JSX.Element {
  const first = () => props.thread.first;
  return (
    <span class="small soft">
      Resolved{first().resolved_by ? ` by ${first().resolved_by?.name}` : ""}{" "}
      {ago(first().resolved_at ?? 0, Date.now(), locale())}
    </span>
  );
}

/** Scrolls the widget into view and highlights it; the panel filters to its threads. */
function showWidget(discussion: DiscussionState, spot: Spot): void {
  discussion.select(spot.widget === null ? null : { widget: spot.widget, at: null });
  if (spot.widget === null) return;
  const widget = document.querySelector<HTMLElement>(`[data-widget="${CSS.escape(spot.widget)}"]`);
  widget?.scrollIntoView({ behavior: "smooth", block: "center" });
  widget?.setAttribute("data-pointed", "");
  setTimeout(() => widget?.removeAttribute("data-pointed"), POINTED_MS);
}

const POINTED_MS = 1600;
