/**
 * A section of a settings page: description on the left, controls on the right.
 * @module
 */
import type { JSX } from "solid-js";

/** `id` makes the section a target of links. */
export function Section(props: {
  id?: string;
  title: string;
  about: JSX.Element;
  children: JSX.Element;
}): JSX.Element {
  return (
    <section id={props.id} aria-label={props.title}>
      <div class="settings-about">
        <h2>{props.title}</h2>
        <p class="soft">{props.about}</p>
      </div>
      <div class="settings-do">{props.children}</div>
    </section>
  );
}
