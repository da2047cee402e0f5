/**
 * A floating panel of controls, and the "?" that explains a number. Until somebody means to open one it is a button
 * and nothing else: what floats, positions and keeps the focus is loaded then.
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

/** The button's attributes and the panel behind it. */
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

/** `trigger` is what the button shows, `label` what button and panel are called. */
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

/** A question mark that opens the rule a number is counted by; a press, so that it works by touch and key. */
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
