/**
 * Text that is edited in place.
 * @module
 */
import { createSignal, type JSX, Show } from "solid-js";
import styles from "./in-place.module.css";

/** A press turns it into a field; Enter or blur saves, Escape cancels. */
export function InPlace(props: {
  label: string;
  value: string;
  /** Shown when the text is empty. */
  empty: string;
  isRequired?: boolean;
  maxLength: number;
  onChange: (value: string) => void;
}): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  let button: HTMLButtonElement | undefined;
  const close = () => {
    setOpen(false);
    queueMicrotask(() => button?.focus());
  };
  const keep = (text: string) => {
    const value = text.trim();
    if (value !== props.value && (value || !props.isRequired)) props.onChange(value);
  };
  return (
    <Show
      when={isOpen()}
      fallback={
        <button
          type="button"
          class={styles.value}
          ref={button}
          data-empty={props.value ? undefined : ""}
          title={`Edit ${props.label.toLowerCase()}`}
          onClick={() => setOpen(true)}
        >
          {props.value || props.empty}
        </button>
      }
    >
      <input
        class={styles.field}
        aria-label={props.label}
        value={props.value}
        maxlength={props.maxLength}
        autocomplete="off"
        ref={(field) => queueMicrotask(() => field.select())}
        onBlur={(event) => {
          keep(event.currentTarget.value);
          setOpen(false);
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          // Focus returns to the button, which would handle the rest of this key press.
          if (event.key === "Enter" || event.key === "Escape") event.preventDefault();
          if (event.key === "Enter") {
            keep(event.currentTarget.value);
            close();
          } else if (event.key === "Escape") {
            event.currentTarget.value = props.value;
            close();
          }
        }}
      />
    </Show>
  );
}
