/**
 * Notices of a dashboard: failed queries, failed saves, conflicts and removed widgets.
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

/** Shown above the grid; empty without problems. */
export function Notices(props: {
  draft: Draft;
  /** Problem of the results. */
  problem: Problem | undefined;
  /** Name of the user who last changed the dashboard, if known. */
  by: string | undefined;
  /** Title of the widget just removed. */
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
          title={`${props.by ?? "Another user"} also changed this dashboard`}
          action={
            <div class={styles.actions}>
              <Button size="s" onClick={props.draft.takeTheirs}>
                Use theirs
              </Button>
              <Button size="s" onClick={props.draft.keepMine}>
                Keep mine
              </Button>
            </div>
          }
        >
          Your changes are not saved yet. Keeping yours overwrites theirs.
        </Notice>
      </Show>
      <Show when={props.removed}>
        <Notice
          title={`${props.removed} was removed`}
          action={
            <Button size="s" onClick={props.onRestore}>
              Restore
            </Button>
          }
        />
      </Show>
    </>
  );
}
