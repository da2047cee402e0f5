/**
 * A formula input with completion of names; errors are underlined at their position.
 * @module
 */
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import { createCombobox } from "../../ui/combobox";
import { Icon } from "../../ui/icon";
import { Area } from "../../ui/textarea";
import fieldInputStyles from "./field-input.module.css";
import { completions, type Name, piecesOf, replaceRange, type TextRange, wordAt } from "./formula";
import styles from "./formula-field.module.css";
import { proposed, type Wrong } from "./preview-data";

/** Maximum length of a formula. */
const MAX_LENGTH = 1000;

/** `faults` belong to the current text. */
export function FormulaField(props: {
  value: string;
  names: readonly Name[];
  faults: readonly Wrong[];
  onChange: (formula: string) => void;
}): JSX.Element {
  const id = createUniqueId();
  let area!: HTMLTextAreaElement;
  let mirror!: HTMLPreElement;
  const [word, setWord] = createSignal<TextRange>({ from: 0, to: 0 });
  const put = (text: string, caret: number) => {
    area.value = text;
    area.setSelectionRange(caret, caret);
    area.focus();
    props.onChange(text);
  };
  const combobox = createCombobox({
    label: "Metrics",
    items: () => completions(props.names, props.value.slice(word().from, word().to)),
    select(name) {
      const next = replaceRange(area.value, word(), name.name);
      put(next.text, next.caret);
    },
    row: (name) => (
      <span class={fieldInputStyles.row}>
        <code>{name.name}</code>
        <span class="small soft">{name.about || name.label}</span>
      </span>
    ),
  });
  const look = () => {
    const at = wordAt(area.value, area.selectionStart);
    setWord(at);
    if (at.to > at.from) combobox.open();
    else combobox.close();
  };
  const places = () => props.faults.flatMap(({ place }) => (place ? whole(props.value, place) : []));
  const applyFix = (fault: Wrong, name: string) => {
    const next = replaceRange(props.value, whole(props.value, fault.place ?? { from: 0, to: 0 }), name);
    put(next.text, next.caret);
  };
  return (
    <div class="field">
      <label for={id}>Formula</label>
      <div class={fieldInputStyles.combobox}>
        <pre class={styles.mirror} aria-hidden="true" ref={mirror}>
          <For each={piecesOf(props.value, places())}>
            {(piece) =>
              piece.wrong === undefined ? piece.text : <mark class={styles.wrong}>{piece.text}</mark>
            }
          </For>
        </pre>
        <Area
          id={id}
          ref={(element) => {
            area = element;
          }}
          class={`input ${styles.text}`}
          rows={3}
          maxlength={MAX_LENGTH}
          spellcheck={false}
          autocapitalize="off"
          placeholder="signups / sessions.visitors"
          {...combobox.attributes}
          aria-describedby={`${id}-about`}
          aria-invalid={props.faults.length > 0 ? "true" : undefined}
          value={props.value}
          onInput={(event) => {
            props.onChange(event.currentTarget.value);
            look();
          }}
          onScroll={(event) => {
            mirror.scrollTop = event.currentTarget.scrollTop;
          }}
          onKeyDown={(event) => {
            combobox.press(event);
          }}
          onBlur={combobox.close}
        />
        {combobox.list}
      </div>
      <div id={`${id}-about`}>
        <Show
          when={props.faults.length > 0}
          fallback={
            <p class="hint">
              Metrics, numbers, <code>+ − * /</code>, parentheses, and <code>min</code>, <code>max</code>,{" "}
              <code>abs</code>, <code>round</code>, <code>coalesce</code>. Division by zero returns no value.
            </p>
          }
        >
          <For each={props.faults}>
            {(fault) => (
              <p class="wrong">
                <Icon name="warn" size={16} />
                <span>
                  {fault.message}
                  <Show when={proposed(fault.message)}>
                    {(name) => (
                      <>
                        {" "}
                        <button type="button" class={styles.fix} onClick={() => applyFix(fault, name())}>
                          Use {name()}
                        </button>
                      </>
                    )}
                  </Show>
                </span>
              </p>
            )}
          </For>
        </Show>
      </div>
    </div>
  );
}

/** Returns the name at the error's first character, else the reported range. */
function whole(text: string, place: TextRange): TextRange {
  const word = wordAt(text, place.from);
  return word.to > word.from && word.from === place.from ? word : place;
}
