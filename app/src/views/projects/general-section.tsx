/**
 * Name, domain, time zone.
 * @module
 */
import { type JSX, Show } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import { TextField } from "../../ui/field";
import { ProblemNotice } from "../../ui/problem";
import { Section } from "../../ui/section";
import { textOf } from "../accounts/submit";
import { createMemberships } from "../organizations/roles";
import { createProjectSaving, SaveButton } from "./save";
import { ZoneField } from "./zone-field";

/** What the project is called and where its days begin. */
export function GeneralSection(props: { project: Project; locked: boolean }): JSX.Element {
  const saving = createProjectSaving(
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
          What the project is called, which pages may send, and where its days begin.
          <Show when={owner()}>
            {(shown) => (
              <>
                {" "}
                It belongs to <a href={`/organizations/${shown().id}`}>{shown().name}</a>, whose members see
                it.
              </>
            )}
          </Show>
        </>
      }
    >
      <form onSubmit={saving.submit}>
        <fieldset class="form" disabled={props.locked}>
          <ProblemNotice problem={saving.problem()?.errors ? undefined : saving.problem()} />
          <TextField
            label="Name"
            name="name"
            required
            maxlength={120}
            value={props.project.name}
            error={saving.wrong("name")}
          />
          <TextField
            label="Domain"
            name="domain"
            placeholder="example.com, *.example.com"
            value={props.project.domain ?? ""}
            hint="Only pages of these hosts may send events. Left empty, any page with the key may."
            error={saving.wrong("domain")}
          />
          <ZoneField value={props.project.timezone} error={saving.wrong("timezone")} />
          <p class="small soft">
            A new time zone counts the last 90 days again, from the stored events. That takes a few minutes;
            nothing is lost meanwhile.
          </p>
          <SaveButton saving={saving} />
        </fieldset>
      </form>
    </Section>
  );
}
