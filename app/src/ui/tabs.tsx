/**
 * Tabs as in the ARIA pattern: one Tab stop; arrows, Home and End select.
 * @module
 */
import { createUniqueId, For, type JSX } from "solid-js";

interface TabName {
  name: string;
  label: string;
}

/** The row of tabs and the panel of the selected one. `aside` is rendered at the end of the row. */
export function Tabs(props: {
  label: string;
  tabs: readonly TabName[];
  chosen: string;
  onChoose: (name: string) => void;
  aside?: JSX.Element;
  children: JSX.Element;
}): JSX.Element {
  const id = createUniqueId();
  let list!: HTMLDivElement;
  const press = (event: KeyboardEvent) => {
    const at = props.tabs.findIndex((tab) => tab.name === props.chosen);
    const last = props.tabs.length - 1;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const index = next < 0 ? last : next > last ? 0 : next;
    const tab = props.tabs[index];
    if (!tab) return;
    props.onChoose(tab.name);
    list.querySelectorAll<HTMLElement>("[role=tab]")[index]?.focus();
  };
  return (
    <>
      <div class="tabs-row">
        <div class="tabs" role="tablist" tabindex="-1" aria-label={props.label} ref={list} onKeyDown={press}>
          <For each={props.tabs}>
            {(tab) => (
              <button
                type="button"
                class="tab"
                role="tab"
                id={`${id}-${tab.name}`}
                aria-controls={id}
                aria-selected={tab.name === props.chosen}
                tabindex={tab.name === props.chosen ? 0 : -1}
                onClick={() => props.onChoose(tab.name)}
              >
                {tab.label}
              </button>
            )}
          </For>
        </div>
        {props.aside}
      </div>
      <div id={id} role="tabpanel" class="tab-panel" aria-labelledby={`${id}-${props.chosen}`}>
        {props.children}
      </div>
    </>
  );
}
