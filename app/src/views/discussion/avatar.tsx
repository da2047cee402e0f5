/**
 * People as patches sewn onto the cloth: initials, and a thread whose colour is theirs.
 * @module
 */
import { createMemo, For, type JSX, Show } from "solid-js";
import { listed } from "../../ui/format";
import { locale } from "../../ui/locale";
import styles from "./avatar.module.css";

/** Series that a patch may take; the first is the charts' own. */
const COLOURS = 7;

/** First letters of the first and last word of a name; `?` for none. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("") || "?";
}

/** A colour that stays with a person: 2 to 8. */
export function colourOf(user: string): number {
  let hash = 0;
  for (const letter of user) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return 2 + (hash % COLOURS);
}

/** One person; decorative, as the name stands beside it or in the list's label. */
export function Patch(props: { user: string; name: string }): JSX.Element {
  return (
    <span
      class={styles.avatar}
      aria-hidden="true"
      title={props.name}
      style={{ "--hue": `var(--series-${colourOf(props.user)})` }}
    >
      {initials(props.name)}
    </span>
  );
}

/** People shown as patches before the rest is a number. */
const SHOWN = 4;

/** A row of people; the names are read out, the patches seen. Nothing when nobody is there. */
export function PatchRow(props: {
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
          {(person) => <Patch user={person.user_id} name={person.name} />}
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
