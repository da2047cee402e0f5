/**
 * A formula: names are completed as they are typed, and what is wrong is underlined where it stands.
 * @module
 */
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import { createOffer } from "../../ui/combobox";
import { Icon } from "../../ui/icon";
import { Area } from "../../ui/textarea";
import fieldInputStyles from "./field-input.module.css";
import { fittingNames, type Name, piecesOf, type Stretch, wordAt, written } from "./formula";
import styles from "./formula-field.module.css";
import { proposed, type Wrong } from "./preview-data";

/** Most characters of a formula. */
const MAX_LENGTH = 1000;

/** `faults` are those of the text as it is now. */
export function FormulaField(props: {
  value: string;
  names: readonly Name[];
  faults: readonly Wrong[];
  onChange: (formula: string) => void;
}): JSX.Element {
  const id = createUniqueId();
  let area!: HTMLTextAreaElement;
  let mirror!: HTMLPreElement;
  const [word, setWord] = createSignal<Stretch>({ from: 0, to: 0 });
  const put = (text: string, caret: number) => {
    area.value = text;
    area.setSelectionRange(caret, caret);
    area.focus();
    props.onChange(text);
  };
  const offer = createOffer({
    label: "Metrics",
    items: () => fittingNames(props.names, props.value.slice(word().from, word().to)),
    take(name) {
      const next = written(area.value, word(), name.name);
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
    if (at.to > at.from) offer.open();
    else offer.close();
  };
  const places = () => props.faults.flatMap(({ place }) => (place ? whole(props.value, place) : []));
  const mend = (fault: Wrong, name: string) => {
    const next = written(props.value, whole(props.value, fault.place ?? { from: 0, to: 0 }), name);
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
          {...offer.tied}
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
            offer.press(event);
          }}
          onBlur={offer.close}
        />
        {offer.list}
      </div>
      <div id={`${id}-about`}>
        <Show
          when={props.faults.length > 0}
          fallback={
            <p class="hint">
              Metrics, numbers, <code>+ − * /</code>, brackets, and <code>min</code>, <code>max</code>,{" "}
              <code>abs</code>, <code>round</code>, <code>coalesce</code>. Divided by nothing, the answer is
              “–”.
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
                        <button type="button" class={styles.fix} onClick={() => mend(fault, name())}>
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

/** The name that an error's first character stands in, else the stretch as it was said. */
function whole(text: string, place: Stretch): Stretch {
  const word = wordAt(text, place.from);
  return word.to > word.from && word.from === place.from ? word : place;
}
