/**
 * Saving a part of a page of settings.
 * @module
 */
import { revalidate } from "@solidjs/router";
import { createSignal, type JSX, Show } from "solid-js";
import type { ProjectUpdate } from "../../../../schema/wire/project";
import type { Answer } from "../../client/http";
import { project, projects, updateProject } from "../../client/projects";
import { Button } from "../../ui/button";
import { createSubmission, type Submission } from "../accounts/submit";

const SAID_MS = 2500;

/** A submission that also says when it has saved. */
export interface Saving extends Submission {
  saved: () => boolean;
}

/** `send` makes the change of the form; the queries of `shown` are asked again. */
export function createSaving(
  send: (form: FormData) => Promise<Answer<unknown>>,
  shown: () => string[],
): Saving {
  const [saved, setSaved] = createSignal(false);
  const submission = createSubmission(send, () => {
    void revalidate(shown());
    setSaved(true);
    setTimeout(() => setSaved(false), SAID_MS);
  });
  return { ...submission, saved };
}

/** Saves what `read` makes of the form in a project; everything that shows the project is asked again. */
export function createProjectSaving(id: () => string, read: (form: FormData) => ProjectUpdate): Saving {
  return createSaving(
    (form) => updateProject(id(), read(form)),
    () => [project.key, projects.key],
  );
}

/** The button at the end of a section. */
export function SaveButton(props: { saving: Saving }): JSX.Element {
  return (
    <div class="form-foot">
      <Button kind="main" type="submit" busy={props.saving.busy() ? "Saving" : undefined}>
        Save
      </Button>
      <span class="small soft" role="status">
        <Show when={props.saving.saved()}>Saved</Show>
      </span>
    </div>
  );
}
