/**
 * Filters: removable chips of the conditions, and a form to add one.
 * @module
 */
import { For, type JSX, lazy, Show } from "solid-js";
import type { Condition } from "../../../../schema/wire/filter";
import { filterText, VERB_NAMES, VERBS } from "../../query-state";
import { Button } from "../../ui/button";
import { Chip } from "../../ui/chip";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import { Popover } from "../../ui/popover";
import { dimensionLabel, valueLabel } from "./cards";

const FilterForm = lazy(async () => ({ default: (await import("./filter-form")).FilterForm }));

/** Formats a condition as dimension, operator and value. */
export function filterWords(filter: Condition): [string, string, string] {
  const dimension = dimensionLabel(filter.dimension);
  if (filter.op === "is_set")
    return [
      dimension,
      filter.value === false ? "is" : "is not",
      valueLabel(filter.dimension, null, locale()),
    ];
  const verb = VERB_NAMES.find((name) => name === filter.op);
  return [
    dimension,
    verb ? VERBS[verb] : filter.op,
    valueLabel(filter.dimension, String(filter.value), locale()),
  ];
}

/** The active conditions. */
export function FilterChips(props: {
  filters: Condition[];
  onRemove: (filter: Condition) => void;
  onClear: () => void;
}): JSX.Element {
  return (
    <Show when={props.filters.length > 0}>
      <ul class="chips" aria-label="Filters">
        <For each={props.filters}>
          {(filter) => {
            const [dimension, verb, value] = filterWords(filter);
            return (
              <Chip name={`${dimension} ${verb} ${value}`} onRemove={() => props.onRemove(filter)}>
                {dimension} <span class="soft">{verb}</span> <b>{value}</b>
              </Chip>
            );
          }}
        </For>
        <Show when={props.filters.length > 1}>
          <li>
            <Button kind="quiet" size="s" onClick={() => props.onClear()}>
              Clear all
            </Button>
          </li>
        </Show>
      </ul>
    </Show>
  );
}

/** A button that opens the form for a new condition. */
export function AddFilter(props: {
  project: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  more?: readonly { name: string; label: string }[];
  onAdd: (filter: Condition) => void;
}): JSX.Element {
  return (
    <Popover
      label="Add filter"
      open={props.open}
      onOpenChange={props.onOpenChange}
      trigger={
        <>
          <Icon name="filter" size={18} />
          <span class="wide-only">Filter</span>
        </>
      }
    >
      <FilterForm
        project={props.project}
        more={props.more}
        onAdd={(filter) => {
          props.onAdd(filter);
          props.onOpenChange(false);
        }}
      />
    </Popover>
  );
}

/** Removes a condition from a list. */
export function without(filters: Condition[], gone: Condition): Condition[] {
  return filters.filter((filter) => filterText(filter) !== filterText(gone));
}
