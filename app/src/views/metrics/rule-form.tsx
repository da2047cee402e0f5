/**
 * What to count, without a formula: of which rows, how, of which field, with which of them left out.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { createSignal, For, type JSX, Show, Suspense } from "solid-js";
import type { Condition } from "../../../../schema/wire/filter";
import { fields as fieldsOf } from "../../client/metrics";
import { withFilter } from "../../query-state";
import { Field } from "../../ui/field";
import { Icon } from "../../ui/icon";
import { AddFilter, FilterChips, without } from "../explore/filters";
import { Ways } from "./aggregation-picker";
import { type Draft, needsField } from "./draft";
import { FieldInput } from "./field-input";
import { entriesOf, type FieldEntry, usableFields } from "./fields";
import formulaFieldStyles from "./formula-field.module.css";
import { proposed, type Wrong } from "./preview-data";
import styles from "./rule-form.module.css";
import type { MetricsSetting } from "./setting";

/** `faults` are about the draft as it is now. */
export function RuleForm(props: {
  setting: MetricsSetting;
  draft: Draft;
  faults: readonly Wrong[];
  onChange: (change: Partial<Draft>) => void;
}): JSX.Element {
  const found = createAsync(() => fieldsOf(props.setting.project.id, props.draft.dataset));
  const entries = () => entriesOf(found.latest, props.setting.catalogue, props.draft.dataset);
  const offered = () => usableFields(entries(), props.draft.aggregation);
  const dataset = () => props.setting.catalogue.datasets.find(({ name }) => name === props.draft.dataset);
  const properties = () => entries().filter(({ name }) => name.startsWith("property:"));
  const samples = () => entries().find(({ name }) => name === props.draft.field)?.samples ?? [];
  const faultOf = (path: string) => props.faults.find((fault) => fault.path.split(".")[0] === path)?.message;
  const nameProposed = () => proposed(faultOf("field") ?? "");
  return (
    <Suspense>
      <Field label="Rows of" hint={dataset()?.description} error={faultOf("dataset")}>
        {(tied) => (
          <select
            {...tied}
            class="input"
            value={props.draft.dataset}
            onChange={(event) => props.onChange({ dataset: event.currentTarget.value })}
          >
            <For each={props.setting.catalogue.datasets}>
              {({ name, label }) => (
                <option value={name} selected={name === props.draft.dataset}>
                  {label}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
      <Ways
        chosen={props.draft.aggregation}
        samples={samples()}
        onChoose={(aggregation) => props.onChange({ aggregation })}
      />
      <div class={styles.fieldWithFix}>
        <FieldInput
          label={needsField(props.draft.aggregation) ? "Field" : "Only rows that have this field (optional)"}
          hint={
            needsField(props.draft.aggregation) ? "What to calculate with." : "Left empty, every row counts."
          }
          error={faultOf("field") ?? faultOf("aggregation")}
          fields={offered()}
          value={props.draft.field}
          onChange={(field) => props.onChange({ field })}
        />
        <Show when={nameProposed()}>
          {(name) => (
            <button
              type="button"
              class={formulaFieldStyles.fix}
              onClick={() => props.onChange({ field: name() })}
            >
              Use {name()}
            </button>
          )}
        </Show>
      </div>
      <Filters {...props} properties={properties()} fault={faultOf("filters")} />
    </Suspense>
  );
}

function Filters(props: {
  setting: MetricsSetting;
  draft: Draft;
  properties: FieldEntry[];
  fault: string | undefined;
  onChange: (change: Partial<Draft>) => void;
}): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const add = (filter: Condition) =>
    props.onChange({ filters: withFilter(props.draft.filters, filter, false) });
  return (
    <fieldset class={styles.filters}>
      <legend>Only those where</legend>
      <Show when={props.draft.filterTree}>
        <p class="small soft">
          A combination of conditions that was written in a file is kept as it is; conditions added here hold
          besides.
        </p>
      </Show>
      <FilterChips
        filters={props.draft.filters}
        onRemove={(gone) => props.onChange({ filters: without(props.draft.filters, gone) })}
        onClear={() => props.onChange({ filters: [] })}
      />
      <div>
        <AddFilter
          project={props.setting.project.id}
          open={open()}
          onOpenChange={setOpen}
          more={props.properties}
          onAdd={add}
        />
      </div>
      <Show when={props.fault}>
        {(message) => (
          <p class="wrong">
            <Icon name="warn" size={16} />
            {message()}
          </p>
        )}
      </Show>
    </fieldset>
  );
}
