/**
 * Name, domain, time zone.
 * @module
 */
import { type JSX, Show } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import { textOf } from "../../client/mutation";
import { TextField } from "../../ui/field";
import { ProblemNotice } from "../../ui/problem";
import { SaveButton } from "../../ui/save-button";
import { Section } from "../../ui/section";
import { createMemberships } from "../organizations/roles";
import { createProjectForm } from "./project-form";
import { ZoneChange } from "./zone-change";
import { ZoneField } from "./zone-field";

/** Name, allowed sites and time zone of the project. */
export function GeneralSection(props: { project: Project; locked: boolean }): JSX.Element {
  const saving = createProjectForm(
    () => props.project.id,
    (form) => ({
      name: textOf(form, "name"),
      domain: textOf(form, "domain") || null,
      timezone: textOf(form, "timezone"),
    }),
  );
  const memberships = createMemberships();
  const owner = () => memberships().find(({ id }) => id === props.project.organization_id);
  return (
    <Section
      title="General"
      about={
        <>
          Name, allowed sites and time zone.
          <Show when={owner()}>
            {(shown) => (
              <>
                {" "}
                The project belongs to <a href={`/organizations/${shown().id}`}>{shown().name}</a>.
              </>
            )}
          </Show>
        </>
      }
    >
      <form onSubmit={saving.submit}>
        <fieldset class="form" disabled={props.locked}>
          <ProblemNotice problem={saving.formProblem()} />
          <TextField
            label="Name"
            name="name"
            required
            maxlength={120}
            value={props.project.name}
            error={saving.fieldError("name")}
          />
          <TextField
            label="Domain"
            name="domain"
            placeholder="example.com, *.example.com"
            value={props.project.domain ?? ""}
            hint="Only these hosts can send events. Leave empty to allow any site."
            error={saving.fieldError("domain")}
          />
          <ZoneField
            value={props.project.zone_change?.timezone ?? props.project.timezone}
            error={saving.fieldError("timezone")}
          />
          <p class="small soft">
            Changing the time zone recalculates all days from stored events. Until that is done, numbers are
            shown in the previous time zone.
          </p>
          <ZoneChange project={props.project} />
          <SaveButton form={saving} />
        </fieldset>
      </form>
    </Section>
  );
}
