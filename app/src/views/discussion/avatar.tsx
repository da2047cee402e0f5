/**
 * Avatars: initials with a color per person.
 * @module
 */
import { createMemo, For, type JSX, Show } from "solid-js";
import { listed } from "../../ui/format";
import { locale } from "../../ui/locale";
import styles from "./avatar.module.css";

/** Series colors of avatars; the first is reserved for charts. */
const COLORS = 7;

/** Returns the initials of the first and last word of a name; `?` for an empty name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("") || "?";
}

/** Returns the number of the series color of a user: 2 to 8. */
export function colorOf(user: string): number {
  let hash = 0;
  for (const letter of user) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return 2 + (hash % COLORS);
}

/** Decorative; the name is next to it or in the list's label. */
export function Avatar(props: { user: string; name: string }): JSX.Element {
  return (
    <span
      class={styles.avatar}
      aria-hidden="true"
      title={props.name}
      style={{ "--hue": `var(--series-${colorOf(props.user)})` }}
    >
      {initials(props.name)}
    </span>
  );
}

/** Maximum number of avatars; the rest is a count. */
const SHOWN = 4;

/** A row of avatars with the names for screen readers. Empty without people. */
export function AvatarRow(props: {
  people: readonly { user_id: string; name: string }[];
  label: string;
}): JSX.Element {
  const names = createMemo(() =>
    listed(
      props.people.map(({ name }) => name),
      locale(),
    ),
  );
  return (
    <Show when={props.people.length > 0}>
      <span class={styles.group} title={`${props.label}: ${names()}`}>
        <span class="visually-hidden">
          {props.label}: {names()}
        </span>
        <For each={props.people.slice(0, SHOWN)}>
          {(person) => <Avatar user={person.user_id} name={person.name} />}
        </For>
        <Show when={props.people.length > SHOWN}>
          <span class={`${styles.avatar} ${styles.more}`} aria-hidden="true">
            +{props.people.length - SHOWN}
          </span>
        </Show>
      </span>
    </Show>
  );
}
