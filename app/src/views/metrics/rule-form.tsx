/**
 * The rule of an aggregate metric: dataset, aggregation, field and filters.
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
import { AggregationPicker } from "./aggregation-picker";
import { type Draft, needsField } from "./draft";
import { FieldInput } from "./field-input";
import { entriesOf, type FieldEntry, usableFields } from "./fields";
import formulaFieldStyles from "./formula-field.module.css";
import { proposed, type Wrong } from "./preview-data";
import styles from "./rule-form.module.css";
import type { MetricsSetting } from "./setting";

/** `faults` belong to the current draft. */
export function RuleForm(props: {
  setting: MetricsSetting;
  draft: Draft;
  faults: readonly Wrong[];
  onChange: (change: Partial<Draft>) => void;
}): JSX.Element {
  const found = createAsync(() => fieldsOf(props.setting.project.id, props.draft.dataset));
  const entries = () => entriesOf(found.latest, props.setting.catalog, props.draft.dataset);
  const offered = () => usableFields(entries(), props.draft.aggregation);
  const dataset = () => props.setting.catalog.datasets.find(({ name }) => name === props.draft.dataset);
  const properties = () => entries().filter(({ name }) => name.startsWith("property:"));
  const samples = () => entries().find(({ name }) => name === props.draft.field)?.samples ?? [];
  const faultOf = (path: string) => props.faults.find((fault) => fault.path.split(".")[0] === path)?.message;
  const suggestedName = () => proposed(faultOf("field") ?? "");
  return (
    <Suspense>
      <Field label="Dataset" hint={dataset()?.description} error={faultOf("dataset")}>
        {(control) => (
          <select
            {...control}
            class="input"
            value={props.draft.dataset}
            onChange={(event) => props.onChange({ dataset: event.currentTarget.value })}
          >
            <For each={props.setting.catalog.datasets}>
              {({ name, label }) => (
                <option value={name} selected={name === props.draft.dataset}>
                  {label}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
      <AggregationPicker
        chosen={props.draft.aggregation}
        samples={samples()}
        onChoose={(aggregation) => props.onChange({ aggregation })}
      />
      <div class={styles.fieldWithFix}>
        <FieldInput
          label={needsField(props.draft.aggregation) ? "Field" : "Field (optional)"}
          hint={
            needsField(props.draft.aggregation)
              ? "The field to aggregate."
              : "Counts only rows that have this field; empty counts all rows."
          }
          error={faultOf("field") ?? faultOf("aggregation")}
          fields={offered()}
          value={props.draft.field}
          onChange={(field) => props.onChange({ field })}
        />
        <Show when={suggestedName()}>
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
      <legend>Filter</legend>
      <Show when={props.draft.filterTree}>
        <p class="small soft">
          This metric has a nested filter from a file. It stays unchanged; filters added here apply as well.
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
