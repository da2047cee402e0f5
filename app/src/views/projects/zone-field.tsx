/**
 * A time zone, typed or selected.
 * @module
 */
import { createSignal, For, type JSX, onMount } from "solid-js";
import { TextField } from "../../ui/field";

/** Named `timezone`. `value` is the current zone; by default the browser's. */
export function ZoneField(props: { value?: string; error?: string }): JSX.Element {
  const [zones, setZones] = createSignal<string[]>([]);
  const [own, setOwn] = createSignal("");
  onMount(() => {
    setZones(["UTC", ...Intl.supportedValuesOf("timeZone")]);
    if (!props.value) setOwn(Intl.DateTimeFormat().resolvedOptions().timeZone);
  });
  return (
    <>
      <TextField
        label="Time zone"
        name="timezone"
        list="zones"
        autocomplete="off"
        value={props.value ?? own()}
        hint="Days start at midnight in this time zone."
        error={props.error}
      />
      <datalist id="zones">
        <For each={zones()}>{(zone) => <option value={zone} />}</For>
      </datalist>
    </>
  );
}
