/**
 * Making a project: three answers and its dashboard opens, waiting.
 * @module
 */
import { revalidate, useNavigate } from "@solidjs/router";
import type { JSX } from "solid-js";
import { createProject, projects } from "../../client/projects";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/field";
import { ProblemNotice } from "../../ui/problem";
import { createSubmission, textOf } from "../accounts/submit";
import { ZoneField } from "./zone-field";

/** The form, for the dialog and for the empty list. */
export function CreateProject(props: { onDone?: () => void }): JSX.Element {
  const navigate = useNavigate();
  const form = createSubmission(
    (data) =>
      createProject({
        name: textOf(data, "name"),
        domain: textOf(data, "domain") || null,
        timezone: textOf(data, "timezone") || "UTC",
      }),
    (made) => {
      void revalidate(projects.key);
      props.onDone?.();
      navigate(`/projects/${made.id}`);
    },
  );
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.problem()?.errors ? undefined : form.problem()} />
      <TextField label="Name" name="name" maxlength={120} required autofocus error={form.wrong("name")} />
      <TextField
        label="Domain"
        name="domain"
        placeholder="example.com, *.example.com"
        hint="Only pages of these hosts may send events. Left empty, any page with the key may."
        error={form.wrong("domain")}
      />
      <ZoneField error={form.wrong("timezone")} />
      <div class="form-foot">
        <Button kind="main" type="submit" busy={form.busy() ? "Making it" : undefined}>
          Create project
        </Button>
      </div>
    </form>
  );
}
