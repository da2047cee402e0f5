/**
 * The reporting currency.
 * @module
 */
import { For, type JSX } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import { textOf } from "../../client/mutation";
import { CURRENCIES } from "../../ui/currencies";
import { Field } from "../../ui/field";
import { codeName } from "../../ui/format";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { SaveButton } from "../../ui/save-button";
import { Section } from "../../ui/section";
import { createProjectForm } from "./project-form";

/** The currency into which spend and revenue of sources are converted. */
export function MoneySection(props: { project: Project; locked: boolean }): JSX.Element {
  const chosen = () => props.project.settings.currency;
  const offered = () => [...new Set([...CURRENCIES, chosen()])];
  const saving = createProjectForm(
    () => props.project.id,
    (form) => ({ settings: { currency: textOf(form, "currency") } }),
  );
  return (
    <Section
      id="money"
      title="Money"
      about="Amounts are stored in their original currency and converted at the daily rate."
    >
      <form onSubmit={saving.submit}>
        <fieldset class="form" disabled={props.locked}>
          <ProblemNotice problem={saving.problem()} />
          <Field
            label="Reporting currency"
            hint="Reference rates of the European Central Bank. Days without a rate use the previous one."
          >
            {(control) => (
              <select {...control} class="input" name="currency">
                <For each={offered()}>
                  {(code) => (
                    <option value={code} selected={code === chosen()}>
                      {code}, {codeName(code, "currency", locale())}
                    </option>
                  )}
                </For>
              </select>
            )}
          </Field>
          <p class="small soft">
            Changing the currency converts all amounts again. This takes a few minutes.
          </p>
          <SaveButton form={saving} />
        </fieldset>
      </form>
    </Section>
  );
}
