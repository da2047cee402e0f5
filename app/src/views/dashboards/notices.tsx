/**
 * What came in the way: numbers that were refused, a change that was not saved, somebody who was faster.
 * @module
 */
import { revalidate } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import { Button } from "../../ui/button";
import { Notice } from "../../ui/notice";
import { ProblemNotice } from "../../ui/problem";
import { results } from "./data";
import type { Draft } from "./draft";
import styles from "./notices.module.css";

/** Above the grid; nothing while all is well. */
export function Notices(props: {
  draft: Draft;
  /** Of the numbers. */
  problem: Problem | undefined;
  /** Who changed the dashboard last, if that is known. */
  by: string | undefined;
  /** What was just taken away. */
  removed: string | undefined;
  onRestore: () => void;
}): JSX.Element {
  return (
    <>
      <ProblemNotice
        problem={props.problem}
        action={
          <Button size="s" onClick={() => void revalidate(results.key)}>
            Try again
          </Button>
        }
      />
      <ProblemNotice
        problem={props.draft.problem()}
        action={
          <Button size="s" onClick={props.draft.retry}>
            Save again
          </Button>
        }
      />
      <Show when={props.draft.conflict()}>
        <Notice
          kind="bad"
          title={`${props.by ?? "Somebody else"} changed this dashboard while you did`}
          action={
            <div class={styles.actions}>
              <Button size="s" onClick={props.draft.takeTheirs}>
                Take theirs
              </Button>
              <Button size="s" onClick={props.draft.keepMine}>
                Keep mine
              </Button>
            </div>
          }
        >
          Your changes are still here and not saved. Keeping yours replaces what they changed.
        </Notice>
      </Show>
      <Show when={props.removed}>
        <Notice
          title={`${props.removed} was removed`}
          action={
            <Button size="s" onClick={props.onRestore}>
              Bring it back
            </Button>
          }
        />
      </Show>
    </>
  );
}
