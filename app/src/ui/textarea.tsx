/**
 * A multi-line text field. A textarea has no value attribute, so its value is set after hydration.
 * @module
 */
import { createEffect, type JSX, splitProps } from "solid-js";

/** Shows `value` and follows it; the caller handles input. `ref` receives the element. */
export function Area(
  props: Omit<JSX.TextareaHTMLAttributes<HTMLTextAreaElement>, "ref"> & {
    value: string;
    ref?: (area: HTMLTextAreaElement) => void;
  },
): JSX.Element {
  let area!: HTMLTextAreaElement;
  const [own, rest] = splitProps(props, ["value", "ref"]);
  createEffect(() => {
    if (area.value !== own.value) area.value = own.value;
  });
  return (
    <textarea
      {...rest}
      ref={(element) => {
        area = element;
        own.ref?.(element);
      }}
    />
  );
}
