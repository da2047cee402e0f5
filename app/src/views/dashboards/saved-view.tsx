/**
 * The saved filters of a dashboard, and a notice when the current view differs from the saved one.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import { conditionsOf, joined, type QueryState } from "../../query-state";
import { Button } from "../../ui/button";
import { filterWords } from "../explore/filters";
import type { Draft } from "./draft";
import styles from "./saved-view.module.css";
import { inForce } from "./state";

/** The saved filters; while editing, the current view can be saved for everyone. */
export function SavedView(props: {
  draft: Draft;
  view: QueryState;
  isEditing: boolean;
  /** Resets the current view. */
  onTaken: () => void;
}): JSX.Element {
  const content = () => props.draft.content();
  const differs = () =>
    props.view.range !== undefined || props.view.compare !== undefined || props.view.filters.length > 0;
  const take = () => {
    const { filters } = props.view;
    props.draft.change({
      ...inForce(content(), props.view),
      filters: joined(content().filters, filters.length > 0 ? { and: filters } : undefined),
    });
    props.onTaken();
  };
  return (
    <>
      <Show when={props.isEditing && differs()}>
        <p class={`${styles.savedView} small soft`}>
          <span>Your view differs from the saved one.</span>
          <Button size="s" onClick={take}>
            Save for everyone
          </Button>
        </p>
      </Show>
      <Show when={content().filters}>
        {(filters) => (
          <p class={`${styles.savedView} small soft`}>
            <span>
              Saved filters:{" "}
              <Show when={conditionsOf(filters())} fallback="nested filters from a file">
                {(conditions) => (
                  <For each={conditions()}>
                    {(condition, index) => (
                      <>
                        {index() > 0 && ", "}
                        {filterWords(condition).slice(0, 2).join(" ")} <b>{filterWords(condition)[2]}</b>
                      </>
                    )}
                  </For>
                )}
              </Show>
            </span>
            <Show when={props.isEditing}>
              <Button kind="quiet" size="s" onClick={() => props.draft.change({ filters: undefined })}>
                Remove
              </Button>
            </Show>
          </p>
        )}
      </Show>
    </>
  );
}
