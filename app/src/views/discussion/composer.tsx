/**
 * A text field for comments with completion of members after `@`.
 * @module
 */
import { createSignal, type JSX, Show } from "solid-js";
import { Button } from "../../ui/button";
import { createCombobox } from "../../ui/combobox";
import { Area } from "../../ui/textarea";
import { Avatar } from "./avatar";
import styles from "./composer.module.css";
import { completed, fitting, type Person, stored, type Typing, typed, typingAt } from "./mention";

/** Maximum length of a comment. */
const MAX_LENGTH = 5000;

/** `onSend` receives the stored form of the body and returns whether it succeeded; otherwise the text stays. */
export function Composer(props: {
  label: string;
  placeholder?: string;
  /** A stored body to edit. */
  body?: string;
  send: string;
  people: readonly Person[];
  autofocus?: boolean;
  onSend: (body: string) => Promise<boolean>;
  onCancel?: () => void;
}): JSX.Element {
  let area!: HTMLTextAreaElement;
  const [text, setText] = createSignal(typed(props.body ?? ""));
  const [typing, setTyping] = createSignal<Typing>();
  const [busy, setBusy] = createSignal(false);
  // Of two people with the same name, the selected one is mentioned.
  let picked: Person[] = [];
  const look = () => {
    setTyping(typingAt(area.value, area.selectionStart));
    if (typing()) combobox.open();
  };
  const select = (person: Person) => {
    const mention = typing();
    if (!mention) return;
    const next = completed(text(), area.selectionStart, mention, person.name);
    picked = [person, ...picked];
    setText(next.text);
    area.value = next.text;
    area.setSelectionRange(next.caret, next.caret);
    setTyping(undefined);
  };
  const combobox = createCombobox({
    label: "People to mention",
    items: () => {
      const mention = typing();
      return mention ? fitting(props.people, mention.query) : [];
    },
    select,
    row: (person) => (
      <>
        <Avatar user={person.user_id} name={person.name} />
        <span>{person.name}</span>
      </>
    ),
  });
  const send = async () => {
    const body = stored(text().trim(), [...picked, ...props.people]);
    if (!body || busy()) return;
    setBusy(true);
    const isTaken = await props.onSend(body);
    setBusy(false);
    if (isTaken) setText("");
  };
  const press = (event: KeyboardEvent) => {
    if (combobox.press(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
    else if (event.key === "Escape" && props.onCancel) props.onCancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <form
      class={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Area
        ref={(element) => {
          area = element;
        }}
        class={`input ${styles.text}`}
        aria-label={props.label}
        placeholder={props.placeholder}
        maxlength={MAX_LENGTH}
        rows={2}
        value={text()}
        autofocus={props.autofocus}
        {...combobox.attributes}
        onInput={(event) => {
          setText(event.currentTarget.value);
          look();
        }}
        onClick={look}
        onBlur={combobox.close}
        onKeyDown={press}
      />
      {combobox.list}
      <Show when={text().trim() || props.onCancel}>
        <div class={styles.foot}>
          <span class={`small soft ${styles.hint}`}>Use @ to mention someone by email</span>
          <Show when={props.onCancel}>
            <Button size="s" kind="quiet" onClick={() => props.onCancel?.()}>
              Cancel
            </Button>
          </Show>
          <Button
            size="s"
            kind="main"
            type="submit"
            busy={busy() ? "Sending" : undefined}
            disabled={!text().trim()}
          >
            {props.send}
          </Button>
        </div>
      </Show>
    </form>
  );
}
