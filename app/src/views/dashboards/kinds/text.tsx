/**
 * A text widget: Markdown.
 * @module
 */
import { For, type JSX } from "solid-js";
import { Dynamic } from "solid-js/web";
import { Field } from "../../../ui/field";
import { type Block, blocksOf, type Inline } from "../markdown";
import type { SettingsProps, StaticKind } from "./kind";
import styles from "./text.module.css";

/** Renders Markdown; links open in a new tab without a referrer. */
export function Markdown(props: { text: string }): JSX.Element {
  return (
    <div class={styles.prose}>
      <For each={blocksOf(props.text)}>{(block) => <BlockView block={block} />}</For>
    </div>
  );
}

/** Headings start below the widget's title (h2). */
const headingTag = (level: number) => (level > 2 ? "h4" : "h3");

function BlockView(props: { block: Block }): JSX.Element {
  const { block } = props;
  switch (block.kind) {
    case "heading":
      return (
        <Dynamic component={headingTag(block.level)}>
          <Inlines parts={block.parts} />
        </Dynamic>
      );
    case "list":
      return (
        <Dynamic component={block.ordered ? "ol" : "ul"}>
          <For each={block.items}>
            {(parts) => (
              <li>
                <Inlines parts={parts} />
              </li>
            )}
          </For>
        </Dynamic>
      );
    case "quote":
      return (
        <blockquote>
          <Inlines parts={block.parts} />
        </blockquote>
      );
    case "code":
      return <pre>{block.text}</pre>;
    case "rule":
      return <hr />;
    case "paragraph":
      return (
        <p>
          <Inlines parts={block.parts} />
        </p>
      );
  }
}

function Inlines(props: { parts: Inline[] }): JSX.Element {
  return <For each={props.parts}>{(part) => <InlineView part={part} />}</For>;
}

function InlineView(props: { part: Inline }): JSX.Element {
  const { part } = props;
  switch (part.kind) {
    case "text":
      return part.text;
    case "code":
      return <code>{part.text}</code>;
    case "link":
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
          <Inlines parts={part.parts} />
        </a>
      );
    default:
      return (
        <Dynamic component={part.kind}>
          <Inlines parts={part.parts} />
        </Dynamic>
      );
  }
}

function TextField(props: SettingsProps): JSX.Element {
  return (
    <Field label="Text" hint="Markdown: # heading, **bold**, *italic*, - list, [link](https://…)">
      {(control) => (
        <textarea
          {...control}
          class={`input ${styles.field}`}
          maxlength={20_000}
          value={props.widget.text ?? ""}
          onInput={(event) => props.onChange({ text: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}

export const text: StaticKind = {
  label: "Text",
  description: "Your own text in Markdown.",
  icon: "M3 3.500h18M3 7.500h14M3 11.500h17",
  iconPosition: "start",
  minSize: { w: 2, h: 1 },
  defaultSize: { w: 4, h: 2 },
  StaticView: (props) => <Markdown text={props.widget.text ?? ""} />,
  Settings: TextField,
};
