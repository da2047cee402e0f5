/**
 * Deleting a project: only with its name typed.
 * @module
 */
import { revalidate, useNavigate } from "@solidjs/router";
import { createSignal, type JSX, Show } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import { deleteProject, projects } from "../../client/projects";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextField } from "../../ui/field";
import { ProblemNotice } from "../../ui/problem";
import { Section } from "../../ui/section";
import { createSubmission } from "../accounts/submit";

/** The last section of the settings. */
export function DangerZone(props: { project: Project; locked: boolean }): JSX.Element {
  const [asking, setAsking] = createSignal(false);
  return (
    <Section title="Delete the project" about="For good. There is no way back, not even for us.">
      <div class="danger form">
        <p>
          The key stops working at once, and every event, number and session of {props.project.name} is
          deleted. Other projects are not touched.
        </p>
        <Show when={props.locked}>
          <p class="small soft">Only owners of the organisation delete projects.</p>
        </Show>
        <div class="form-foot">
          <Button kind="danger" disabled={props.locked} onClick={() => setAsking(true)}>
            Delete {props.project.name}
          </Button>
        </div>
      </div>
      <Dialog open={asking()} title={`Delete ${props.project.name}`} onClose={() => setAsking(false)}>
        <Confirm project={props.project} onClose={() => setAsking(false)} />
      </Dialog>
    </Section>
  );
}

function Confirm(props: { project: Project; onClose: () => void }): JSX.Element {
  const navigate = useNavigate();
  const [typed, setTyped] = createSignal("");
  const form = createSubmission(
    () => deleteProject(props.project.id, typed()),
    () => {
      void revalidate(projects.key);
      navigate("/projects");
    },
  );
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.problem()} />
      <p>
        To be sure, type the name of the project: <b>{props.project.name}</b>
      </p>
      <TextField
        label="Name of the project"
        name="confirm"
        autocomplete="off"
        autofocus
        value={typed()}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <div class="dialog-foot">
        <Button onClick={() => props.onClose()}>Keep it</Button>
        <Button
          kind="danger"
          type="submit"
          disabled={typed() !== props.project.name}
          busy={form.busy() ? "Deleting" : undefined}
        >
          Delete for good
        </Button>
      </div>
    </form>
  );
}
