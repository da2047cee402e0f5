/**
 * Several lines of text. A textarea's text is no attribute, so what the server knows is put in once the page is awake.
 * @module
 */
import { createEffect, type JSX, splitProps } from "solid-js";

/** Shows `value` and follows it; typing is the caller's to take. `ref` gets the element. */
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
