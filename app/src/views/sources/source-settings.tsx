/**
 * Settings of a source: name, sync interval, driver settings, keys, accounts and deletion.
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
import { intervalLabel } from "./labels";
import { driverOf } from "./setting";
import { SourceFields, settingsOf } from "./source-fields";
import type { SourceProps } from "./source-props";
import styles from "./source-settings.module.css";

const INTERVALS = [15, 30, 60, 180, 360, 720, 1440];

/** Name, interval and driver settings. */
export function GeneralSection(props: SourceProps): JSX.Element {
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
    <Section title="General" about="Name, sync interval and credentials.">
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
            label="Sync"
            hint="Each sync reads new data and days that may still be revised by the platform."
            error={saving.fieldError("interval_minutes")}
          >
            {(control) => (
              <select {...control} class="input" name="interval_minutes">
                <For each={intervals()}>
                  {(minutes) => (
                    <option value={minutes} selected={minutes === props.source.interval_minutes}>
                      {intervalLabel(minutes, locale())}
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
              The key or token is stored encrypted and not shown.{" "}
              <button type="button" class={styles.link} onClick={() => setWantsConsent(true)}>
                Replace it
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

/** Selects the accounts to sync; empty when the vendor has none. */
export function AccountsSection(props: SourceProps): JSX.Element {
  return (
    <Show when={props.source.accounts.length > 0}>
      <Section title="Accounts" about="Only selected accounts are synced.">
        <ChooseAccounts source={props.source} locked={!props.setting.mayRun} />
      </Section>
    </Show>
  );
}

/** Deletes the source after its name is typed. */
export function DeleteSection(props: SourceProps): JSX.Element {
  const navigate = useNavigate();
  const [isOpen, setOpen] = createSignal(false);
  const afterDelete = () => {
    void revalidate(sources.key);
    navigate(`/projects/${props.source.project_id}/sources`);
  };
  return (
    <Section title="Delete source" about="This cannot be undone.">
      <div class="danger form">
        <p>
          All rows of {props.source.name} are deleted from tables and dashboards, and its key or token is
          destroyed. Nothing changes at the platform. To keep the rows and stop syncing, pause the source
          instead.
        </p>
        <div class="form-foot">
          <Button kind="danger" disabled={!props.setting.mayManage} onClick={() => setOpen(true)}>
            Delete {props.source.name}
          </Button>
        </div>
      </div>
      <Dialog open={isOpen()} title={`Delete ${props.source.name}`} onClose={() => setOpen(false)}>
        <DeleteByName
          kind="source"
          name={props.source.name}
          send={(typed) => deleteSource(props.source.project_id, props.source.id, typed)}
          onDone={afterDelete}
          onClose={() => setOpen(false)}
        />
      </Dialog>
    </Section>
  );
}
