/**
 * The annotations of a day, and a form to add one. Loaded on first use.
 * @module
 */
import { createAsync, revalidate } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import type { Annotation } from "../../../../schema/wire/discussion";
import type { Problem } from "../../../../schema/wire/error";
import { me } from "../../client/accounts";
import { addAnnotation, annotations, deleteAnnotation, editAnnotation } from "../../client/discussion";
import { dataOf, problemOf } from "../../client/http";
import { createForm, textOf } from "../../client/mutation";
import { Button } from "../../ui/button";
import { addDays, dayIn } from "../../ui/clock";
import { Dialog } from "../../ui/dialog";
import { Field, TextField, Tick } from "../../ui/field";
import { moment } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import { dayStart } from "./days";
import styles from "./note-dialog.module.css";

const KINDS = { note: "Note", release: "Release", campaign: "Campaign", incident: "Incident" } as const;
const KIND_NAMES = Object.keys(KINDS) as Annotation["kind"][];
const DAY = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;

interface DialogProps {
  project: string;
  timezone: string;
  notes: Annotation[];
  span: { from: number; to: number };
  onClose: () => void;
}

/** `span` is the selected bucket. */
export default function NoteDialog(props: DialogProps): JSX.Element {
  const [changing, setChanging] = createSignal<Annotation>();
  const there = () =>
    props.notes
      .filter(({ at, until }) => at < props.span.to && (until ?? at) >= props.span.from)
      .sort((a, b) => a.at - b.at);
  return (
    <Dialog open title={moment(props.span.from, locale(), props.timezone, DAY)} onClose={props.onClose}>
      <Show when={there().length > 0}>
        <ul class={`lines ${styles.list}`}>
          <For each={there()}>
            {(note) => <NoteLine {...props} note={note} onChange={() => setChanging(note)} />}
          </For>
        </ul>
      </Show>
      <Show when={changing()} keyed fallback={<NoteForm {...props} onDone={props.onClose} />}>
        {(note) => <NoteForm {...props} note={note} onDone={() => setChanging(undefined)} />}
      </Show>
    </Dialog>
  );
}

function NoteLine(props: DialogProps & { note: Annotation; onChange: () => void }): JSX.Element {
  const reader = createAsync(() => me());
  const [problem, setProblem] = createSignal<Problem>();
  const isOwn = () => dataOf(reader())?.user.id === props.note.author.user_id;
  const remove = async () => {
    const result = await deleteAnnotation(props.project, props.note.id);
    setProblem(problemOf(result));
    await revalidate(annotations.keyFor(props.project));
  };
  return (
    <li>
      <div>
        <b>{props.note.text}</b>
        <p class="small soft">
          {KINDS[props.note.kind]} · {isOwn() ? "you" : props.note.author.name}
          {props.note.sharing === "private" ? " · Private" : ""}
        </p>
        <ProblemNotice problem={problem()} />
      </div>
      <Show when={isOwn()}>
        <Button size="s" kind="quiet" onClick={() => props.onChange()}>
          Change
        </Button>
      </Show>
      <Button
        size="s"
        kind="quiet"
        data-icon
        aria-label={`Delete the note ${props.note.text}`}
        onClick={() => void remove()}
      >
        <Icon name="bin" size={16} />
      </Button>
    </li>
  );
}

function NoteForm(props: DialogProps & { note?: Annotation; onDone: () => void }): JSX.Element {
  const first = dayIn(props.note?.at ?? props.span.from, props.timezone);
  const last = props.note?.until ? dayIn(props.note.until - 1, props.timezone) : "";
  const form = createForm(
    (data) => {
      const end = textOf(data, "until");
      const fields = {
        at: props.note?.at ?? props.span.from,
        until: end && end > first ? dayStart(addDays(end, 1), props.timezone) : null,
        text: textOf(data, "text"),
        kind: KIND_NAMES.find((kind) => kind === data.get("kind")) ?? ("note" as const),
        sharing: data.has("private") ? ("private" as const) : ("organization" as const),
      };
      return props.note
        ? editAnnotation(props.project, props.note.id, fields)
        : addAnnotation(props.project, fields);
    },
    { revalidate: [annotations.keyFor(props.project)], onSuccess: () => props.onDone() },
  );
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.formProblem()} />
      <TextField
        label={props.note ? "Edit note" : "Note"}
        name="text"
        maxlength={200}
        required
        autofocus
        value={props.note?.text ?? ""}
        placeholder="Version 2.4 released"
        hint="Shown as a flag on all charts of the project."
        error={form.fieldError("text")}
      />
      <div class={styles.pair}>
        <Field label="Kind">
          {(control) => (
            <select {...control} class="input" name="kind" value={props.note?.kind ?? "note"}>
              <For each={KIND_NAMES}>
                {(kind) => (
                  <option value={kind} selected={kind === props.note?.kind}>
                    {KINDS[kind]}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
        <TextField
          label="End date (optional)"
          name="until"
          type="date"
          min={first}
          value={last}
          error={form.fieldError("until")}
        />
      </div>
      <Tick
        label="Private"
        name="private"
        hint="Only visible to you."
        checked={props.note?.sharing === "private"}
      />
      <div class="form-foot">
        <Button kind="main" type="submit" busy={form.pending() ? "Saving" : undefined}>
          {props.note ? "Save" : "Add note"}
        </Button>
        <Button kind="quiet" onClick={() => props.onDone()}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
