/**
 * Menus that drop from a button: things to go to, and one thing to choose.
 * @module
 */
import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { For, type JSX } from "solid-js";
import { Icon } from "./icon";

/** `trigger` is what the button shows; `label` what it is called. */
export function Menu(props: {
  trigger: JSX.Element;
  label: string;
  class?: string;
  kind?: "quiet";
  children: JSX.Element;
}): JSX.Element {
  return (
    <DropdownMenu gutter={6} placement="bottom-start">
      <DropdownMenu.Trigger
        class={`button ${props.class ?? ""}`}
        data-kind={props.kind}
        aria-label={props.label}
        title={props.label}
      >
        {props.trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="float menu">{props.children}</DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}

/** A line that goes somewhere. */
export function MenuLink(props: { href: string; current?: boolean; children: JSX.Element }): JSX.Element {
  return (
    <DropdownMenu.Item
      as="a"
      href={props.href}
      class="menu-item"
      aria-current={props.current ? "page" : undefined}
    >
      {props.children}
    </DropdownMenu.Item>
  );
}

/** A line that does something. */
export function MenuAction(props: { onSelect: () => void; children: JSX.Element }): JSX.Element {
  return (
    <DropdownMenu.Item class="menu-item" onSelect={props.onSelect}>
      {props.children}
    </DropdownMenu.Item>
  );
}

/** A choice of one. */
export function MenuChoice<T extends string>(props: {
  value: T;
  options: { value: T; label: string; hint?: string }[];
  onChange: (value: T) => void;
}): JSX.Element {
  const choose = (value: string) => {
    const option = props.options.find((each) => each.value === value);
    if (option) props.onChange(option.value);
  };
  return (
    <DropdownMenu.RadioGroup value={props.value} onChange={choose}>
      <For each={props.options}>
        {(option) => (
          <DropdownMenu.RadioItem value={option.value} class="menu-item">
            <span>{option.label}</span>
            <span>
              <DropdownMenu.ItemIndicator>
                <Icon name="check" size={16} />
              </DropdownMenu.ItemIndicator>
            </span>
          </DropdownMenu.RadioItem>
        )}
      </For>
    </DropdownMenu.RadioGroup>
  );
}
