/**
 * Form fields: label, hint and error are linked to the control for screen readers.
 * @module
 */
import { createSignal, createUniqueId, type JSX, Show, splitProps } from "solid-js";
import { Icon } from "./icon";

interface FieldProps {
  label: string;
  hint?: JSX.Element;
  /** Error of the value: what to change. */
  error?: string;
}

/** ARIA attributes that link a control to its field. */
interface ControlAttributes {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": "true" | undefined;
}

/** A label with one control, which receives the attributes. */
export function Field(
  props: FieldProps & { children: (control: ControlAttributes) => JSX.Element },
): JSX.Element {
  const id = createUniqueId();
  const control: ControlAttributes = {
    id,
    get "aria-describedby"() {
      return props.error ? `${id}-wrong` : props.hint ? `${id}-hint` : undefined;
    },
    get "aria-invalid"() {
      return props.error ? ("true" as const) : undefined;
    },
  };
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.children(control)}
      <Show when={props.hint && !props.error}>
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      </Show>
      <Show when={props.error}>
        <p class="wrong" id={`${id}-wrong`}>
          <Icon name="warn" size={16} />
          {props.error}
        </p>
      </Show>
    </div>
  );
}

/** A single-line text field. */
export function TextField(props: FieldProps & JSX.InputHTMLAttributes<HTMLInputElement>): JSX.Element {
  const [own, rest] = splitProps(props, ["label", "hint", "error"]);
  return <Field {...own}>{(control) => <input {...rest} {...control} class="input" />}</Field>;
}

/** A password field with a button to show it. */
export function PasswordField(props: FieldProps & JSX.InputHTMLAttributes<HTMLInputElement>): JSX.Element {
  const [own, rest] = splitProps(props, ["label", "hint", "error"]);
  const [shown, setShown] = createSignal(false);
  return (
    <Field {...own}>
      {(control) => (
        <div class="password">
          <input {...rest} {...control} class="input" type={shown() ? "text" : "password"} />
          <button type="button" aria-pressed={shown()} onClick={() => setShown(!shown())}>
            {shown() ? "Hide" : "Show"}
          </button>
        </div>
      )}
    </Field>
  );
}

/** A checkbox with its label. */
export function Tick(
  props: { label: string; hint?: JSX.Element } & JSX.InputHTMLAttributes<HTMLInputElement>,
): JSX.Element {
  const [own, rest] = splitProps(props, ["label", "hint"]);
  return (
    <label class="tick">
      <input {...rest} type="checkbox" />
      <span>{own.label}</span>
      <Show when={own.hint}>
        <span class="hint">{own.hint}</span>
      </Show>
    </label>
  );
}
