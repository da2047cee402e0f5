/**
 * Text with a copy button.
 * @module
 */
import { createSignal, type JSX, onCleanup } from "solid-js";
import { Icon } from "./icon";

const SHOWN_MS = 1800;

/** Copies `text` and shows the result for a moment. */
export function CopyButton(props: { text: string; label?: string; quiet?: boolean }): JSX.Element {
  const [message, setMessage] = createSignal<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const copy = async () => {
    const done = await navigator.clipboard.writeText(props.text).then(
      () => "Copied",
      () => "Copy failed: select the text",
    );
    setMessage(done);
    clearTimeout(timer);
    timer = setTimeout(() => setMessage(undefined), SHOWN_MS);
  };
  return (
    <button
      type="button"
      class="button"
      data-size="s"
      data-kind={props.quiet ? "quiet" : undefined}
      onClick={copy}
    >
      <Icon name={message() === "Copied" ? "check" : "copy"} size={16} />
      <span aria-live="polite">{message() ?? props.label ?? "Copy"}</span>
    </button>
  );
}

/** A block of code with its copy button. */
export function Code(props: { text: string; label: string }): JSX.Element {
  return (
    <section class="code" aria-label={props.label}>
      <pre>{props.text}</pre>
      <CopyButton text={props.text} />
    </section>
  );
}
