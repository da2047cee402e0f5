/**
 * Words of the people who made the dashboard.
 * @module
 */
import type { JSX } from "solid-js";
import { markdown } from "../markdown";

/** `text` is Markdown. */
export default function TextKind(props: { text: string }): JSX.Element {
  return <div class="prose" innerHTML={markdown(props.text)} />;
}
