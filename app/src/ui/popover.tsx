/**
 * A floating panel of controls, and the "?" that explains a number.
 * @module
 */
import { Popover as Kobalte } from "@kobalte/core/popover";
import type { JSX } from "solid-js";

/** Controlled when `open` is given. */
export function Popover(props: {
  trigger: JSX.Element;
  label: string;
  class?: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: JSX.Element;
}): JSX.Element {
  return (
    <Kobalte gutter={6} placement="bottom-start" open={props.open} onOpenChange={props.onOpenChange}>
      <Kobalte.Trigger class={`button ${props.class ?? ""}`} title={props.label}>
        {props.trigger}
      </Kobalte.Trigger>
      <Kobalte.Portal>
        <Kobalte.Content class="float" aria-label={props.label}>
          {props.children}
        </Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte>
  );
}

/** A question mark that opens the rule a number is counted by; a press, so that it works by touch and key. */
export function Help(props: { about: string; children: JSX.Element }): JSX.Element {
  return (
    <Kobalte gutter={6} placement="top">
      <Kobalte.Trigger class="help" aria-label={`How ${props.about} is counted`}>
        ?
      </Kobalte.Trigger>
      <Kobalte.Portal>
        <Kobalte.Content class="float tip" aria-label={props.about}>
          {props.children}
        </Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte>
  );
}
