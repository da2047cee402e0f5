/**
 * The panel of an open popover: placed beside its button, traps the focus, closes on Escape or a press outside.
 * @module
 */
import { Popover } from "@kobalte/core/popover";
import type { JSX } from "solid-js";
import { focusMarked } from "./initial-focus";

/** Mounted while open. `anchor` is the button, which toggles it and gets the focus back. */
export default function PopoverPanel(props: {
  label: string;
  class?: string;
  placement: "bottom-start" | "top";
  anchor: () => HTMLElement | undefined;
  onClose: () => void;
  children: JSX.Element;
}): JSX.Element {
  return (
    <Popover
      open
      gutter={6}
      placement={props.placement}
      anchorRef={props.anchor}
      onOpenChange={(open) => !open && props.onClose()}
    >
      <Popover.Portal>
        <Popover.Content
          class={`float ${props.class ?? ""}`}
          aria-label={props.label}
          onOpenAutoFocus={focusMarked}
          onInteractOutside={(event) => {
            const { target } = event;
            if (target instanceof Node && props.anchor()?.contains(target)) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            props.anchor()?.focus();
          }}
        >
          {props.children}
        </Popover.Content>
      </Popover.Portal>
    </Popover>
  );
}
