/**
 * Deletes a project after its name is typed.
 * @module
 */
import { revalidate, useNavigate } from "@solidjs/router";
import { createSignal, type JSX, Show } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import { deleteProject, projects } from "../../client/projects";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Section } from "../../ui/section";
import { DeleteByName } from "./delete-by-name";

/** The last section of the settings. */
export function DangerZone(props: { project: Project; locked: boolean }): JSX.Element {
  const navigate = useNavigate();
  const [asking, setAsking] = createSignal(false);
  const gone = () => {
    void revalidate(projects.key);
    navigate("/projects");
  };
  return (
    <Section title="Delete project" about="This cannot be undone.">
      <div class="danger form">
        <p>The key stops working immediately, and all data of {props.project.name} is deleted.</p>
        <Show when={props.locked}>
          <p class="small soft">Only owners of the organization can delete projects.</p>
        </Show>
        <div class="form-foot">
          <Button kind="danger" disabled={props.locked} onClick={() => setAsking(true)}>
            Delete {props.project.name}
          </Button>
        </div>
      </div>
      <Dialog open={asking()} title={`Delete ${props.project.name}`} onClose={() => setAsking(false)}>
        <DeleteByName
          kind="project"
          name={props.project.name}
          send={(typed) => deleteProject(props.project.id, typed)}
          onDone={gone}
          onClose={() => setAsking(false)}
        />
      </Dialog>
    </Section>
  );
}
