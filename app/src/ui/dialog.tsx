/**
 * A dialog: traps the focus, closes on Escape, returns the focus.
 * @module
 */
import { Dialog as Kobalte } from "@kobalte/core/dialog";
import type { JSX } from "solid-js";
import { Icon } from "./icon";
import { focusMarked } from "./initial-focus";

/** Controlled by `open`; Escape, the close button and a click outside call `onClose`. */
export function Dialog(props: {
  open: boolean;
  onClose: () => void;
  title: string;
  children: JSX.Element;
}): JSX.Element {
  return (
    <Kobalte open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Kobalte.Portal>
        <Kobalte.Overlay class="veil" />
        <div class="dialog-place">
          <Kobalte.Content class="dialog" onOpenAutoFocus={focusMarked}>
            <div class="dialog-head">
              <Kobalte.Title as="h2">{props.title}</Kobalte.Title>
              <Kobalte.CloseButton
                class="button"
                data-kind="quiet"
                data-size="s"
                data-icon
                aria-label="Close"
              >
                <Icon name="close" />
              </Kobalte.CloseButton>
            </div>
            {props.children}
          </Kobalte.Content>
        </div>
      </Kobalte.Portal>
    </Kobalte>
  );
}
