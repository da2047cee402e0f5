/**
 * A comment: author, time and text; its author can edit and delete it.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { createSignal, For, type JSX, Show, Suspense } from "solid-js";
import type { Comment } from "../../../../schema/wire/discussion";
import type { Problem } from "../../../../schema/wire/error";
import { commentHistory, deleteComment, editComment } from "../../client/discussion";
import { type Answer, dataOf, problemOf } from "../../client/http";
import { Button } from "../../ui/button";
import { ago, moment } from "../../ui/format";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { atLeast } from "../organizations/roles";
import { Avatar } from "./avatar";
import styles from "./comment.module.css";
import { Composer } from "./composer";
import { partsOf } from "./mention";
import type { DiscussionState } from "./thread-context";

const PRECISE = { dateStyle: "medium", timeStyle: "short" } as const;

/** A comment in a thread. */
export function CommentLine(props: { discussion: DiscussionState; comment: Comment }): JSX.Element {
  const [doing, setDoing] = createSignal<"edit" | "delete" | "history">();
  const [problem, setProblem] = createSignal<Problem>();
  const about = () => props.discussion.about();
  const isOwn = () => props.comment.author.user_id === about().me.user_id;
  const mayDelete = () => isOwn() || atLeast(about().me.role, "admin");
  const settle = async (sent: Promise<Answer<unknown>>): Promise<boolean> => {
    const result = await sent;
    setProblem(problemOf(result));
    if (!result.ok) return false;
    setDoing(undefined);
    await props.discussion.reload();
    return true;
  };
  const target = () => [about().project, about().dashboard, props.comment.id] as const;
  return (
    <article class={styles.comment} aria-label={`Comment by ${props.comment.author.name}`}>
      <Avatar user={props.comment.author.user_id} name={props.comment.author.name} />
      <div class={styles.body}>
        <p class={styles.head}>
          <b>{props.comment.author.name}</b>
          <When time={props.comment.created_at} timezone={about().timezone} />
          <Show when={props.comment.edited_at !== null && props.comment.deleted_at === null}>
            <button
              type="button"
              class={styles.edited}
              aria-expanded={doing() === "history"}
              onClick={() => setDoing(doing() === "history" ? undefined : "history")}
            >
              edited
            </button>
          </Show>
          <Show when={mayDelete() && props.comment.deleted_at === null && doing() === undefined}>
            <span class={styles.actions}>
              <Show when={isOwn()}>
                <button type="button" onClick={() => setDoing("edit")}>
                  Edit
                </button>
              </Show>
              <button type="button" onClick={() => setDoing("delete")}>
                Delete
              </button>
            </span>
          </Show>
        </p>
        <ProblemNotice problem={problem()} />
        <Show
          when={doing() !== "edit"}
          fallback={
            <Composer
              label="Edit comment"
              body={props.comment.body}
              send="Save"
              people={about().people}
              autofocus
              onSend={(body) => settle(editComment(...target(), { body }))}
              onCancel={() => setDoing(undefined)}
            />
          }
        >
          <Body
            body={props.comment.body}
            isDeleted={props.comment.deleted_at !== null}
            me={about().me.user_id}
          />
        </Show>
        <Show when={doing() === "history"}>
          <Suspense fallback={<p class="small soft">Loading history</p>}>
            <History discussion={props.discussion} comment={props.comment} />
          </Suspense>
        </Show>
        <Show when={doing() === "delete"}>
          <p class={styles.confirm}>
            <span class="small">Delete this comment?</span>
            <Button size="s" kind="danger" onClick={() => void settle(deleteComment(...target()))}>
              Delete
            </Button>
            <Button size="s" kind="quiet" onClick={() => setDoing(undefined)}>
              Cancel
            </Button>
          </p>
        </Show>
      </div>
    </article>
  );
}

/** Relative time; exact time on hover. */
function When(props: { time: number; timezone: string }): JSX.Element {
  return (
    <time
      class="small soft"
      datetime={new Date(props.time).toISOString()}
      title={moment(props.time, locale(), props.timezone, PRECISE)}
    >
      {ago(props.time, Date.now(), locale())}
    </time>
  );
}

function Body(props: { body: string; isDeleted: boolean; me: string }): JSX.Element {
  return (
    <Show when={!props.isDeleted} fallback={<p class="soft">This comment was deleted.</p>}>
      <p class={styles.text}>
        <For each={partsOf(props.body)}>
          {(part) =>
            "mention" in part ? (
              <mark class={styles.mention} data-me={part.mention.user_id === props.me ? "" : undefined}>
                @{part.mention.name}
              </mark>
            ) : "link" in part ? (
              <a href={part.link} rel="noreferrer nofollow ugc" target="_blank">
                {part.link}
              </a>
            ) : (
              part.text
            )
          }
        </For>
      </p>
    </Show>
  );
}

/** Earlier versions, newest first. */
function History(props: { discussion: DiscussionState; comment: Comment }): JSX.Element {
  const about = () => props.discussion.about();
  const found = createAsync(() => commentHistory(about().project, about().dashboard, props.comment.id));
  const earlier = () => dataOf(found())?.data ?? [];
  return (
    <ol class={styles.history} aria-label="Edit history">
      <For each={earlier()}>
        {(edit) => (
          <li>
            <p class="small soft">until {moment(edit.replaced_at, locale(), about().timezone, PRECISE)}</p>
            <Body body={edit.body} isDeleted={false} me={about().me.user_id} />
          </li>
        )}
      </For>
    </ol>
  );
}
