/**
 * A floating panel, and the "?" that explains a number. Only a plain button until it is hovered, focused or pressed: then
 * positioning and focus handling are loaded.
 * @module
 */
import { createSignal, type JSX, lazy, Show, Suspense } from "solid-js";

const load = () => import("./popover-panel");
const Panel = lazy(load);

interface PanelProps {
  label: string;
  /** Class of the panel besides `float`. */
  panelClass?: string;
  placement?: "bottom-start" | "top";
  /** Controlled when given. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: JSX.Element;
}

/** The button's attributes and the panel. */
function createPopover(props: PanelProps) {
  let button: HTMLButtonElement | undefined;
  const [own, setOwn] = createSignal(false);
  const open = () => props.open ?? own();
  const change = (next: boolean) => {
    setOwn(next);
    props.onOpenChange?.(next);
  };
  const trigger = {
    type: "button" as const,
    ref: (element: HTMLButtonElement) => {
      button = element;
    },
    "aria-haspopup": "dialog" as const,
    onClick: () => change(!open()),
    onPointerEnter: () => void load(),
    onFocus: () => void load(),
  };
  const panel = (
    <Show when={open()}>
      <Suspense>
        <Panel
          label={props.label}
          class={props.panelClass}
          placement={props.placement ?? "bottom-start"}
          anchor={() => button}
          onClose={() => change(false)}
        >
          {props.children}
        </Panel>
      </Suspense>
    </Show>
  );
  return { open, trigger, panel };
}

/** `trigger` is the button's content, `label` the name of button and panel. */
export function Popover(
  props: PanelProps & { trigger: JSX.Element; class?: string; kind?: "quiet" },
): JSX.Element {
  const popover = createPopover(props);
  return (
    <>
      <button
        {...popover.trigger}
        class={`button ${props.class ?? ""}`}
        data-kind={props.kind}
        aria-label={props.label}
        aria-expanded={popover.open()}
        title={props.label}
      >
        {props.trigger}
      </button>
      {popover.panel}
    </>
  );
}

/** A "?" button that explains how a number is counted; a press, so that it works by touch and keyboard. */
export function Help(props: { about: string; children: JSX.Element }): JSX.Element {
  const popover = createPopover({
    get label() {
      return props.about;
    },
    panelClass: "tip",
    placement: "top",
    get children() {
      return props.children;
    },
  });
  return (
    <>
      <button
        {...popover.trigger}
        class="help"
        aria-label={`How ${props.about} is counted`}
        aria-expanded={popover.open()}
      >
        ?
      </button>
      {popover.panel}
    </>
  );
}
