/**
 * What holds for everyone who opens the dashboard, beside what the reader looks at just now.
 * @module
 */
import { For, type JSX, Show } from "solid-js";
import { conditionsOf, joined, type QueryState } from "../../query-state";
import { Button } from "../../ui/button";
import { filterWords } from "../explore/filters";
import type { Draft } from "./draft";
import styles from "./saved-view.module.css";
import { inForce } from "./state";

/** The dashboard's own filters in words; while editing also the way to make the reader's view everyone's. */
export function OwnSetting(props: {
  draft: Draft;
  view: QueryState;
  isEditing: boolean;
  /** Empties the reader's view. */
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
          <span>You look at another range, comparison or filter than everyone else.</span>
          <Button size="s" onClick={take}>
            Make it the dashboard’s own
          </Button>
        </p>
      </Show>
      <Show when={content().filters}>
        {(filters) => (
          <p class={`${styles.savedView} small soft`}>
            <span>
              Filtered for everyone:{" "}
              <Show when={conditionsOf(filters())} fallback="by conditions that a file brought along">
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
                Take away
              </Button>
            </Show>
          </p>
        )}
      </Show>
    </>
  );
}
