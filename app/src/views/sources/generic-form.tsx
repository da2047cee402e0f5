/**
 * Connects custom data: connection settings, a preview of the first rows, and the mapping.
 * @module
 */
import { useNavigate } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import type { MappedField, Mapping, Preview } from "../../../../schema/wire/mapping";
import type { SourceDriver } from "../../../../schema/wire/source";
import type { DriverName } from "../../../../schema/wire/vendors";
import { createForm, createMutation, textOf } from "../../client/mutation";
import { createSource, type PreviewNew, previewSource, sources, uploadTable } from "../../client/sources";
import { Button } from "../../ui/button";
import { Field, TextField } from "../../ui/field";
import { counted, moment } from "../../ui/format";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { full } from "../../ui/write";
import { MappingForm } from "./mapping-form";
import type { SourcesSetting } from "./setting";
import { keysOf, SourceFields, settingsOf } from "./source-fields";
import tableStyles from "./table.module.css";

/** Drivers whose rows need a mapping. */
const GENERIC = ["http", "csv", "webhook"] as const satisfies DriverName[];
type Generic = (typeof GENERIC)[number];

/** Returns the name if the driver needs a mapping. */
export function genericOf(name: DriverName): Generic | undefined {
  return GENERIC.find((each) => each === name);
}

/** Number of preview rows and problems shown. */
const SHOWN = 8;

/** Settings first, then preview and mapping; nothing is stored before Connect. */
export function GenericForm(props: {
  name: Generic;
  driver: SourceDriver;
  setting: SourcesSetting;
}): JSX.Element {
  const navigate = useNavigate();
  const project = () => props.setting.project.id;
  const keyFields = () => (props.driver.auth.kind === "none" ? [] : props.driver.auth.keys);
  const [file, setFile] = createSignal("");
  const [input, setInput] = createSignal<PreviewNew & { title: string }>();
  const [preview, setPreview] = createSignal<Preview>();
  const [mapping, setMapping] = createSignal<Mapping>();
  const previewForm = createForm(
    (data) => {
      const request = {
        driver: props.name,
        settings: settingsOf(data, props.driver.settings),
        keys: keysOf(data, keyFields()),
        sample: props.name === "csv" ? file() : textOf(data, "sample"),
      };
      setInput({ ...request, title: textOf(data, "name") });
      return previewSource(project(), request);
    },
    {
      onSuccess: (found) => {
        setPreview(found);
        setMapping(found.proposed ?? undefined);
      },
    },
  );
  const request = () => {
    const { title: _, ...rest } = input() ?? { title: "", driver: props.name };
    return rest;
  };
  const refresh = createMutation(() => previewSource(project(), { ...request(), mapping: mapping() }), {
    onSuccess: (found) => setPreview(found),
  });
  const change = (next: Mapping) => {
    setMapping(next);
    refresh.run();
  };
  const saving = createMutation(
    async () => {
      const { settings = {}, keys = {}, sample = "" } = request();
      const made = await createSource(project(), {
        driver: props.name,
        name: input()?.title || undefined,
        settings: { ...settings, mapping: mapping() ?? null },
        ...(keyFields().length > 0 ? { keys } : {}),
      });
      if (!made.ok || props.name !== "csv") return made;
      const sent = await uploadTable(project(), made.data.id, sample);
      return sent.ok ? made : sent;
    },
    { revalidate: [sources.key], onSuccess: (made) => navigate(`/projects/${project()}/sources/${made.id}`) },
  );
  const takeFile = async (input: HTMLInputElement) => setFile((await input.files?.[0]?.text()) ?? "");
  return (
    <div class="form">
      <form class="form" onSubmit={previewForm.submit}>
        <ProblemNotice problem={previewForm.formProblem()} />
        <TextField
          label="Name (optional)"
          name="name"
          maxlength={120}
          placeholder={props.driver.label}
          error={previewForm.fieldError("name")}
        />
        <SourceFields group="settings" fields={props.driver.settings} wrong={previewForm.fieldError} />
        <SourceFields group="keys" fields={keyFields()} wrong={previewForm.fieldError} />
        <Show when={props.name === "csv"}>
          <Field
            label="File"
            hint="CSV with a header row, up to 10 MB."
            error={previewForm.fieldError("sample")}
          >
            {(control) => (
              <input
                {...control}
                class="input"
                type="file"
                accept=".csv,text/csv"
                required
                onChange={(event) => void takeFile(event.currentTarget)}
              />
            )}
          </Field>
        </Show>
        <Show when={props.name === "webhook"}>
          <Field
            label="Sample delivery"
            hint="The JSON body of one delivery. It is not stored."
            error={previewForm.fieldError("sample")}
          >
            {(control) => <textarea {...control} class="input" name="sample" required spellcheck={false} />}
          </Field>
        </Show>
        <div class="form-foot">
          <Button
            kind={mapping() ? undefined : "main"}
            type="submit"
            busy={previewForm.pending() ? "Loading" : undefined}
          >
            Preview
          </Button>
        </div>
      </form>
      <Show when={preview()}>
        {(found) => (
          <Show
            when={mapping()}
            fallback={
              <p class="soft" role="status">
                No rows found. Check the path to the list.
              </p>
            }
          >
            {(known) => (
              <section class="form" aria-label="Mapping">
                <h2>Mapping</h2>
                <MappingForm mapping={known()} onChange={change} />
                <ProblemNotice problem={refresh.problem() ?? saving.problem()} />
                <FirstRows found={found()} mapping={known()} timezone={props.setting.project.timezone} />
                <div class="form-foot">
                  <Button kind="main" busy={saving.pending() ? "Connecting" : undefined} onClick={saving.run}>
                    Connect
                  </Button>
                </div>
              </section>
            )}
          </Show>
        )}
      </Show>
    </div>
  );
}

/** The mapped rows, and the values that cannot be mapped. */
function FirstRows(props: { found: Preview; mapping: Mapping; timezone: string }): JSX.Element {
  const cell = (value: unknown, { type, currency }: MappedField) => {
    if (value === null || value === undefined) return "–";
    if (type === "time" && typeof value === "number")
      return moment(value, locale(), props.timezone, { dateStyle: "medium", timeStyle: "short" });
    if (type === "boolean") return value === true ? "Yes" : "No";
    if (typeof value === "number")
      return full(value, { unit: currency ? `currency:${currency}` : "count" }, locale());
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  };
  return (
    <>
      <p class="small soft" role="status">
        {counted(props.found.mapped.length, "row", locale())} valid
        {props.found.problems.length > 0
          ? `, ${counted(props.found.problems.length, "value", locale())} invalid`
          : ""}
      </p>
      <ul class="small">
        <For each={props.found.problems.slice(0, SHOWN)}>
          {({ row, field, message }) => (
            <li>
              Row {row}, <code>{field}</code>: {message}
            </li>
          )}
        </For>
      </ul>
      <section class={`panel ${tableStyles.scroll}`} aria-label="First rows" tabindex="0">
        <table class={tableStyles.table}>
          <thead>
            <tr>
              <For each={props.mapping.fields}>{({ name }) => <th scope="col">{name}</th>}</For>
            </tr>
          </thead>
          <tbody>
            <For each={props.found.mapped.slice(0, SHOWN)}>
              {(row) => (
                <tr>
                  <For each={props.mapping.fields}>
                    {(field) => <td data-label={field.name}>{cell(row[field.name], field)}</td>}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
    </>
  );
}
