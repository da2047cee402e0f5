/**
 * Creates a project and opens its overview.
 * @module
 */
import { useNavigate } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { createForm, textOf } from "../../client/mutation";
import { createProject, projects } from "../../client/projects";
import { Button } from "../../ui/button";
import { Field, TextField } from "../../ui/field";
import { ProblemNotice } from "../../ui/problem";
import { createWritable } from "../organizations/roles";
import { ZoneField } from "./zone-field";

/** The form, for the dialog and for an empty list. */
export function CreateProject(props: { onDone?: () => void }): JSX.Element {
  const navigate = useNavigate();
  const form = createForm(
    (data) =>
      createProject({
        organization_id: textOf(data, "organization_id") || undefined,
        name: textOf(data, "name"),
        domain: textOf(data, "domain") || null,
        timezone: textOf(data, "timezone") || "UTC",
      }),
    {
      revalidate: [projects.key],
      onSuccess: (made) => {
        props.onDone?.();
        navigate(`/projects/${made.id}`);
      },
    },
  );
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.formProblem()} />
      <TextField
        label="Name"
        name="name"
        maxlength={120}
        required
        autofocus
        error={form.fieldError("name")}
      />
      <TextField
        label="Domain"
        name="domain"
        placeholder="example.com, *.example.com"
        hint="Only these hosts can send events. Leave empty to allow any site."
        error={form.fieldError("domain")}
      />
      <Owner error={form.fieldError("organization_id")} />
      <ZoneField error={form.fieldError("timezone")} />
      <div class="form-foot">
        <Button kind="main" type="submit" busy={form.pending() ? "Creating" : undefined}>
          Create project
        </Button>
      </div>
    </form>
  );
}

/** The organization that owns the project, when there is a choice. */
function Owner(props: { error?: string }): JSX.Element {
  const writable = createWritable();
  return (
    <Show
      when={writable().length > 1}
      fallback={<input type="hidden" name="organization_id" value={writable()[0]?.id ?? ""} />}
    >
      <Field label="Organization" hint="Its members can view the project." error={props.error}>
        {(control) => (
          <select {...control} class="input" name="organization_id">
            <For each={writable()}>{(each) => <option value={each.id}>{each.name}</option>}</For>
          </select>
        )}
      </Field>
    </Show>
  );
}
