/**
 * What was kept out of the numbers, by reason, and the way back in.
 * @module
 */
import { createAsync, revalidate } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import { drops } from "../../client/drops";
import { exact } from "../../ui/format";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { Section } from "../../ui/section";

/** Counted by a closed list of reasons. */
export function DropsSection(props: { project: string }): JSX.Element {
  const found = createAsync(() => drops(props.project), { deferStream: true });
  const [problem] = createSignal<Problem>();
  const list = () => {
    const result = found();
    return result?.ok ? result.data.data : [];
  };
  void revalidate;
  return (
    <Section title="Left out" about="What was dropped in the last 30 days, and why.">
      <ProblemNotice problem={problem()} />
      <ul class="lines">
        <For each={list()}>
          {(drop) => (
            <li>
              <b>{drop.reason}</b>
              <span>{exact(drop.count, locale())}</span>
            </li>
          )}
        </For>
      </ul>
      <Show when={list().length === 0}>
        <p class="soft">Nothing was left out.</p>
      </Show>
    </Section>
  );
}
