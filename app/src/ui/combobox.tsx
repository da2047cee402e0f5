/**
 * What a text field offers while someone types: a list under it, moved through by arrows, taken by Enter, Tab or a press.
 * @module
 */
import { type Accessor, createSignal, createUniqueId, For, type JSX } from "solid-js";

export interface Offer {
  isOpen: Accessor<boolean>;
  /** Starts at the top again and shows what there is. */
  open: () => void;
  close: () => void;
  /** Handles a key of the field; true when it was the list's. */
  press: (event: KeyboardEvent) => boolean;
  /** What ties the field to the list. */
  tied: {
    role: "combobox";
    autocomplete: "off";
    "aria-autocomplete": "list";
    readonly "aria-expanded": boolean;
    readonly "aria-controls": string | undefined;
    readonly "aria-activedescendant": string | undefined;
  };
  list: JSX.Element;
}

/** `items` are offered while the offer is open; `take` gets the chosen one. `label` names the list. */
export function createOffer<T>(options: {
  label: string;
  items: Accessor<readonly T[]>;
  take: (item: T) => void;
  /** How an item looks. */
  row: (item: T) => JSX.Element;
}): Offer {
  const id = createUniqueId();
  const [isWanted, setWanted] = createSignal(false);
  const [at, setAt] = createSignal(0);
  const isOpen = () => isWanted() && options.items().length > 0;
  const take = (item: T) => {
    setWanted(false);
    options.take(item);
  };
  const press = (event: KeyboardEvent): boolean => {
    const items = options.items();
    const item = items[at()];
    if (!isOpen() || item === undefined) return false;
    if (event.key === "Enter" || event.key === "Tab") take(item);
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
    tied: {
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
      <div id={id} class="offer" role="listbox" aria-label={options.label} hidden={!isOpen()}>
        <For each={isOpen() ? options.items() : []}>
          {(item, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the chosen one
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
            <div
              id={`${id}-${index()}`}
              class="menu-item"
              role="option"
              aria-selected={index() === at()}
              // The field must not lose the focus to the list.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(item)}
            >
              {options.row(item)}
            </div>
          )}
        </For>
      </div>
    ),
  };
}
