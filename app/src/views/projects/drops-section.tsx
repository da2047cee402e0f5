/**
 * Filtered traffic by reason, and its restoration.
 * @module
 */
import { createAsync, revalidate } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import type { DropReason } from "../../../../schema/wire/row";
import { drops, restoreDrops, type StoredReason } from "../../client/drops";
import { dataOf, problemOf } from "../../client/http";
import { createForm } from "../../client/mutation";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { counted, exact } from "../../ui/format";
import { locale } from "../../ui/locale";
import { Notice } from "../../ui/notice";
import { ProblemNotice } from "../../ui/problem";
import { Section } from "../../ui/section";

const REASONS: Record<DropReason, string> = {
  bot: "Bots",
  webdriver: "Automated browsers",
  data_center: "Data centers",
  spam_referrer: "Spam referrers",
  local: "Localhost",
  opt_out: "Opted out",
  origin: "Origin not allowed",
  invalid: "Invalid",
  rate: "Rate limited",
};

/** Reasons whose events are stored; events refused for other reasons are only counted. */
const STORED = [
  "bot",
  "webdriver",
  "data_center",
  "spam_referrer",
  "local",
] as const satisfies StoredReason[];

interface Drop {
  reason: DropReason;
  description: string;
  count: number;
  stored: number;
}

/** Counts of the last 30 days; stored events can be restored. */
export function DropsSection(props: { project: string; locked: boolean }): JSX.Element {
  const found = createAsync(() => drops(props.project), { deferStream: true });
  const [chosen, setChosen] = createSignal<Drop>();
  const [restored, setRestored] = createSignal<number>();
  const list = () => dataOf(found())?.data;
  const problem = () => problemOf(found());
  return (
    <Section
      id="left-out"
      title="Filtered traffic"
      about="Events excluded in the last 30 days, by reason. You can restore events that were filtered by mistake."
    >
      <ProblemNotice problem={problem()} />
      <Show when={restored() !== undefined}>
        <Notice kind="good" title={`${counted(restored() ?? 0, "event", locale())} restored`}>
          They are counted at the time they happened, within seconds.
        </Notice>
      </Show>
      <Show
        when={list()?.length}
        fallback={
          <Show when={list()}>
            <p class="soft">No filtered traffic.</p>
          </Show>
        }
      >
        <ul class="lines">
          <For each={list()}>
            {(drop) => <DropLine drop={drop} locked={props.locked} onRestore={() => setChosen(drop)} />}
          </For>
        </ul>
      </Show>
      <Dialog open={chosen() !== undefined} title="Restore events" onClose={() => setChosen(undefined)}>
        <Show when={chosen()}>
          {(drop) => (
            <Restore
              project={props.project}
              drop={drop()}
              onClose={() => setChosen(undefined)}
              onDone={(count) => {
                setChosen(undefined);
                setRestored(count);
                void revalidate(drops.key);
              }}
            />
          )}
        </Show>
      </Dialog>
    </Section>
  );
}

function DropLine(props: { drop: Drop; locked: boolean; onRestore: () => void }): JSX.Element {
  return (
    <li>
      <div>
        <b>{REASONS[props.drop.reason]}</b>
        <p class="small soft">{props.drop.description}</p>
      </div>
      <b>{exact(props.drop.count, locale())}</b>
      <Show when={props.drop.stored > 0} fallback={<span class="small soft">Not stored</span>}>
        <Button size="s" disabled={props.locked} onClick={() => props.onRestore()}>
          Restore
        </Button>
      </Show>
    </li>
  );
}

function Restore(props: {
  project: string;
  drop: Drop;
  onClose: () => void;
  onDone: (count: number) => void;
}): JSX.Element {
  const form = createForm(
    () => {
      const reason = STORED.find((stored) => stored === props.drop.reason);
      return reason ? restoreDrops(props.project, reason) : Promise.resolve({ ok: true as const, data: 0 });
    },
    { onSuccess: (count) => props.onDone(count) },
  );
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.problem()} />
      <p>
        This adds {exact(props.drop.stored, locale())} events filtered as <b>{REASONS[props.drop.reason]}</b>{" "}
        to your data, each at the time it happened.
      </p>
      <p class="soft">
        Restoring again does not count events twice. New events of this kind are still filtered.
      </p>
      <div class="dialog-foot">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="main" type="submit" busy={form.pending() ? "Restoring" : undefined}>
          Restore
        </Button>
      </div>
    </form>
  );
}
