/**
 * Completion for a text field: a list below it, moved through by arrow keys, accepted by Enter, Tab or a press.
 * @module
 */
import { type Accessor, createSignal, createUniqueId, For, type JSX } from "solid-js";

export interface Combobox {
  isOpen: Accessor<boolean>;
  /** Opens the list with the first item selected. */
  open: () => void;
  close: () => void;
  /** Handles a key of the field; true when the list used it. */
  press: (event: KeyboardEvent) => boolean;
  /** ARIA attributes for the field. */
  attributes: {
    role: "combobox";
    autocomplete: "off";
    "aria-autocomplete": "list";
    readonly "aria-expanded": boolean;
    readonly "aria-controls": string | undefined;
    readonly "aria-activedescendant": string | undefined;
  };
  list: JSX.Element;
}

/** `items` are listed while it is open; `select` receives the chosen one. `label` names the list. */
export function createCombobox<T>(options: {
  label: string;
  items: Accessor<readonly T[]>;
  select: (item: T) => void;
  /** Renders an item. */
  row: (item: T) => JSX.Element;
}): Combobox {
  const id = createUniqueId();
  const [isWanted, setWanted] = createSignal(false);
  const [at, setAt] = createSignal(0);
  const isOpen = () => isWanted() && options.items().length > 0;
  const select = (item: T) => {
    setWanted(false);
    options.select(item);
  };
  const press = (event: KeyboardEvent): boolean => {
    const items = options.items();
    const item = items[at()];
    if (!isOpen() || item === undefined) return false;
    if (event.key === "Enter" || event.key === "Tab") select(item);
    else if (event.key === "ArrowDown") setAt((at() + 1) % items.length);
    else if (event.key === "ArrowUp") setAt((at() + items.length - 1) % items.length);
    else if (event.key === "Escape") setWanted(false);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    document.getElementById(`${id}-${at()}`)?.scrollIntoView({ block: "nearest" });
    return true;
  };
  return {
    isOpen,
    open() {
      setAt(0);
      setWanted(true);
    },
    close: () => setWanted(false),
    press,
    attributes: {
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      get "aria-expanded"() {
        return isOpen();
      },
      get "aria-controls"() {
        return isOpen() ? id : undefined;
      },
      get "aria-activedescendant"() {
        return isOpen() ? `${id}-${at()}` : undefined;
      },
    },
    list: (
      <div id={id} class="combobox-list" role="listbox" aria-label={options.label} hidden={!isOpen()}>
        <For each={isOpen() ? options.items() : []}>
          {(item, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the chosen one
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys
            <div
              id={`${id}-${index()}`}
              class="menu-item"
              role="option"
              aria-selected={index() === at()}
              // The field must keep the focus.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => select(item)}
            >
              {options.row(item)}
            </div>
          )}
        </For>
      </div>
    ),
  };
}
