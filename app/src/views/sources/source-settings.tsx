/**
 * What can be changed about a source: its name, how often it is read, settings and keys, accounts; and its end.
 * @module
 */
import { revalidate, useNavigate } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import { createForm, textOf } from "../../client/mutation";
import { changeSource, deleteSource, source, sources } from "../../client/sources";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field, TextField } from "../../ui/field";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { SaveButton } from "../../ui/save-button";
import { Section } from "../../ui/section";
import { DeleteByName } from "../projects/delete-by-name";
import { ChooseAccounts } from "./choose-accounts";
import { Consent } from "./consent";
import { everyWords } from "./labels";
import { driverOf } from "./setting";
import { SourceFields, settingsOf } from "./source-fields";
import type { SourceProps } from "./source-props";
import styles from "./source-settings.module.css";

const INTERVALS = [15, 30, 60, 180, 360, 720, 1440];

/** Name, interval and the driver's own settings. */
export function ReadingSection(props: SourceProps): JSX.Element {
  const fields = () => driverOf(props.setting, props.source.driver)?.settings ?? [];
  const [wantsConsent, setWantsConsent] = createSignal(false);
  const intervals = () => [...new Set([...INTERVALS, props.source.interval_minutes])].sort((a, b) => a - b);
  const saving = createForm(
    (form) =>
      changeSource(props.source.project_id, props.source.id, {
        name: textOf(form, "name"),
        interval_minutes: Number(textOf(form, "interval_minutes")),
        ...(props.setting.mayManage && fields().length > 0
          ? { settings: { ...props.source.settings, ...settingsOf(form, fields()) } }
          : {}),
      }),
    { revalidate: [source.key, sources.key] },
  );
  return (
    <Section title="Reading" about="What the source is called, how often it is read, and as whom.">
      <form onSubmit={saving.submit}>
        <fieldset class="form" disabled={!props.setting.mayRun}>
          <ProblemNotice problem={saving.formProblem()} />
          <TextField
            label="Name"
            name="name"
            required
            maxlength={120}
            value={props.source.name}
            error={saving.fieldError("name")}
          />
          <Field
            label="Read"
            hint="Each sync reads what is new and what the vendor may still mend."
            error={saving.fieldError("interval_minutes")}
          >
            {(tied) => (
              <select {...tied} class="input" name="interval_minutes">
                <For each={intervals()}>
                  {(minutes) => (
                    <option value={minutes} selected={minutes === props.source.interval_minutes}>
                      {everyWords(minutes, locale())}
                    </option>
                  )}
                </For>
              </select>
            )}
          </Field>
          <Show when={props.setting.mayManage}>
            <SourceFields
              group="settings"
              fields={fields()}
              values={props.source.settings}
              wrong={saving.fieldError}
            />
          </Show>
          <SaveButton form={saving} />
        </fieldset>
      </form>
      <Show
        when={driverOf(props.setting, props.source.driver)?.auth.kind !== "none" && props.setting.mayManage}
      >
        <Show
          when={wantsConsent()}
          fallback={
            <p class="small soft">
              The key or token is kept encrypted and is not shown.{" "}
              <button type="button" class={styles.link} onClick={() => setWantsConsent(true)}>
                Connect again with another
              </button>
            </p>
          }
        >
          <Consent {...props} />
        </Show>
      </Show>
    </Section>
  );
}

/** Which accounts are read; nothing where the vendor has only one of them. */
export function AccountsSection(props: SourceProps): JSX.Element {
  return (
    <Show when={props.source.accounts.length > 0}>
      <Section title="Accounts" about="Only those that are ticked are read.">
        <ChooseAccounts source={props.source} locked={!props.setting.mayRun} />
      </Section>
    </Show>
  );
}

/** The end of a source, with its name typed. */
export function DeleteSection(props: SourceProps): JSX.Element {
  const navigate = useNavigate();
  const [asking, setAsking] = createSignal(false);
  const gone = () => {
    void revalidate(sources.key);
    navigate(`/projects/${props.source.project_id}/sources`);
  };
  return (
    <Section title="Delete the source" about="For good. It cannot be undone, not even by us.">
      <div class="danger form">
        <p>
          Every row that was read from {props.source.name} leaves the tables and the dashboards, and its key
          or token is destroyed. At the vendor nothing changes. To keep the rows and only stop reading, pause
          it.
        </p>
        <div class="form-foot">
          <Button kind="danger" disabled={!props.setting.mayManage} onClick={() => setAsking(true)}>
            Delete {props.source.name}
          </Button>
        </div>
      </div>
      <Dialog open={asking()} title={`Delete ${props.source.name}`} onClose={() => setAsking(false)}>
        <DeleteByName
          kind="source"
          name={props.source.name}
          send={(typed) => deleteSource(props.source.project_id, props.source.id, typed)}
          onDone={gone}
          onClose={() => setAsking(false)}
        />
      </Dialog>
    </Section>
  );
}
