/**
 * Privacy settings: what is removed before anything is stored.
 * @module
 */
import type { JSX } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import { textOf } from "../../client/mutation";
import { Field, Tick } from "../../ui/field";
import { ProblemNotice } from "../../ui/problem";
import { SaveButton } from "../../ui/save-button";
import { Section } from "../../ui/section";
import { createProjectForm } from "./project-form";

/** Parses names separated by lines or commas. */
export function names(text: string): string[] {
  return [...new Set(text.split(/[\n,]/).map((name) => name.trim()))].filter(Boolean);
}

/** Opt-out signals, bots, blocked properties and allowed URL parameters. */
export function PrivacySection(props: { project: Project; locked: boolean }): JSX.Element {
  const settings = () => props.project.settings;
  const saving = createProjectForm(
    () => props.project.id,
    (form) => ({
      settings: {
        honor_gpc: form.has("honor_gpc"),
        honor_dnt: form.has("honor_dnt"),
        filter_bots: form.has("filter_bots"),
        property_denylist: names(textOf(form, "property_denylist")),
        url_parameters: names(textOf(form, "url_parameters")),
      },
    }),
  );
  return (
    <Section
      title="Privacy"
      about="No cookies are set and no IP address is stored, regardless of these settings. Changes apply to new events."
    >
      <form onSubmit={saving.submit}>
        <fieldset class="form" disabled={props.locked}>
          <ProblemNotice problem={saving.problem()} />
          <Tick
            label="Respect Global Privacy Control"
            hint="Browsers that send Sec-GPC are not tracked."
            name="honor_gpc"
            checked={settings().honor_gpc}
          />
          <Tick
            label="Respect Do Not Track"
            hint="An older signal that some browsers send for everyone."
            name="honor_dnt"
            checked={settings().honor_dnt}
          />
          <Tick
            label="Filter bots"
            hint="Filtered events are listed below and can be restored for 30 days."
            name="filter_bots"
            checked={settings().filter_bots}
          />
          <Field label="Blocked properties" hint="One name per line. Removed before events are stored.">
            {(control) => (
              <textarea
                {...control}
                class="input"
                name="property_denylist"
                spellcheck={false}
                value={settings().property_denylist.join("\n")}
              />
            )}
          </Field>
          <Field
            label="Allowed URL parameters"
            hint="All others are removed from page URLs, except utm_*, ref and source."
          >
            {(control) => (
              <textarea
                {...control}
                class="input"
                name="url_parameters"
                spellcheck={false}
                value={settings().url_parameters.join("\n")}
              />
            )}
          </Field>
          <SaveButton form={saving} />
        </fieldset>
      </form>
    </Section>
  );
}
