/**
 * Menus of links or of options. Items stay native links and buttons; arrow keys move between them.
 * @module
 */
import { createSignal, For, type JSX } from "solid-js";
import { Icon } from "./icon";
import { Popover } from "./popover";

function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(".menu-item")];
  const at = items.findIndex((item) => item.matches(":focus"));
  items[(at + step + items.length) % items.length]?.focus();
}

/** `trigger` is the button's content, `label` its name; choosing an item closes the menu. */
export function Menu(props: {
  trigger: JSX.Element;
  label: string;
  class?: string;
  kind?: "quiet";
  children: JSX.Element;
}): JSX.Element {
  const [open, setOpen] = createSignal(false);
  return (
    <Popover
      trigger={props.trigger}
      label={props.label}
      class={props.class}
      kind={props.kind}
      open={open()}
      onOpenChange={setOpen}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys and presses bubble here from the items */}
      <div class="menu" onKeyDown={moveFocus} onClick={() => setOpen(false)}>
        {props.children}
      </div>
    </Popover>
  );
}

/** A link in a menu. */
export function MenuLink(props: { href: string; current?: boolean; children: JSX.Element }): JSX.Element {
  return (
    <a href={props.href} class="menu-item" aria-current={props.current ? "page" : undefined}>
      {props.children}
    </a>
  );
}

/** An option in a menu. */
export function MenuChoice<T extends string>(props: {
  value: T;
  options: { value: T; label: string }[];
  onChange: (value: T) => void;
}): JSX.Element {
  return (
    <For each={props.options}>
      {(option) => (
        <button
          type="button"
          class="menu-item"
          aria-pressed={option.value === props.value}
          onClick={() => props.onChange(option.value)}
        >
          <span>{option.label}</span>
          <span>{option.value === props.value && <Icon name="check" size={16} />}</span>
        </button>
      )}
    </For>
  );
}
