/**
 * The write key and the tracking snippet.
 * @module
 */
import { createSignal, For, type JSX } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import { createForm } from "../../client/mutation";
import { project as projectQuery, rotateKey } from "../../client/projects";
import { origin } from "../../primitives/origin";
import { Button } from "../../ui/button";
import { Code, CopyButton } from "../../ui/copy";
import { Dialog } from "../../ui/dialog";
import { moment } from "../../ui/format";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { Section } from "../../ui/section";
import { snippet } from "./snippet";

/** Key, rotation and snippet. */
export function TrackingSection(props: { project: Project; locked: boolean }): JSX.Element {
  const [asking, setAsking] = createSignal(false);
  return (
    <Section
      id="tracking"
      title="Tracking"
      about="The write key identifies the project. It can only send events, so it is safe to publish."
    >
      <div class="field">
        <span class="label">Write key</span>
        <div class="keyline">
          <code>{props.project.api_key}</code>
          <CopyButton text={props.project.api_key} quiet />
        </div>
        <For each={props.project.previous_keys}>
          {(key) => (
            <p class="small soft">
              <code>{key.api_key.slice(0, 14)}…</code> works until{" "}
              {moment(key.expires_at, locale(), props.project.timezone, {
                dateStyle: "medium",
                timeStyle: "short",
              })}
              .
            </p>
          )}
        </For>
      </div>
      <div class="field">
        <span class="label">Snippet</span>
        <Code label="Tracking snippet" text={snippet(origin(), props.project.api_key)} />
        <p class="hint">Add this to the head of every page. It loads asynchronously.</p>
      </div>
      <div class="form-foot">
        <Button disabled={props.locked} onClick={() => setAsking(true)}>
          Rotate key
        </Button>
      </div>
      <Dialog open={asking()} title="Rotate write key" onClose={() => setAsking(false)}>
        <Rotate id={props.project.id} onClose={() => setAsking(false)} />
      </Dialog>
    </Section>
  );
}

function Rotate(props: { id: string; onClose: () => void }): JSX.Element {
  const form = createForm(() => rotateKey(props.id), {
    revalidate: [projectQuery.key],
    onSuccess: () => props.onClose(),
  });
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.problem()} />
      <p>
        A new key is created immediately. The current key keeps working for a grace period (24 hours by
        default), so that you can update your pages.
      </p>
      <p class="soft">Events sent with either key count for this project. Collected data does not change.</p>
      <div class="dialog-foot">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="main" type="submit" busy={form.pending() ? "Rotating" : undefined}>
          Rotate
        </Button>
      </div>
    </form>
  );
}
