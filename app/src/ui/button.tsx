/**
 * Buttons and links that look like them.
 * @module
 */
import { type JSX, splitProps } from "solid-js";

interface Looks {
  /** `main`: the primary action; `quiet`: no background until hovered; `danger`: deletes something. */
  kind?: "main" | "quiet" | "danger";
  size?: "s";
}

type ButtonProps = JSX.ButtonHTMLAttributes<HTMLButtonElement> &
  Looks & {
    /** Label of the running action, shown instead of the children and announced; undefined when idle. */
    busy?: string;
  };

/** A button; `type="button"` by default. */
export function Button(props: ButtonProps): JSX.Element {
  const [own, rest] = splitProps(props, ["kind", "size", "busy", "children", "disabled"]);
  return (
    <button
      type="button"
      {...rest}
      class={`button ${props.class ?? ""}`}
      data-kind={own.kind}
      data-size={own.size}
      disabled={own.disabled || own.busy !== undefined}
      aria-busy={own.busy !== undefined ? "true" : undefined}
    >
      {own.busy ?? own.children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink(props: JSX.AnchorHTMLAttributes<HTMLAnchorElement> & Looks): JSX.Element {
  const [own, rest] = splitProps(props, ["kind", "size"]);
  return <a {...rest} class={`button ${props.class ?? ""}`} data-kind={own.kind} data-size={own.size} />;
}
