/**
 * Notes on time, for every page with a time chart: the flags to draw, and what a press on a day offers.
 * @module
 */
import { createAsync } from "@solidjs/router";
import { type Accessor, createSignal, type JSX, lazy, Show, Suspense } from "solid-js";
import type { Flag } from "../../charts/flags";
import { annotations } from "../../client/discussion";
import { dataOf } from "../../client/http";

const load = () => import("./note-dialog");
const NoteDialog = lazy(load);

export interface Notes {
  flags: Accessor<Flag[]>;
  /** Opens the notes of a stretch of time, to read, add and change. Half-open, epoch ms. */
  open: (from: number, to: number) => void;
  /** The dialog, to be put anywhere on the page. */
  dialog: JSX.Element;
}

/** A project's notes; days are those of the zone. The form is loaded when it is first needed. */
export function createNotes(project: Accessor<string>, timezone: Accessor<string>): Notes {
  const found = createAsync(() => annotations(project()), { deferStream: true });
  const [span, setSpan] = createSignal<{ from: number; to: number }>();
  const flags = () => dataOf(found())?.data ?? [];
  return {
    flags,
    open: (from, to) => setSpan({ from, to }),
    dialog: (
      <Show when={span()}>
        {(open) => (
          <Suspense>
            <NoteDialog
              project={project()}
              timezone={timezone()}
              notes={flags()}
              span={open()}
              onClose={() => setSpan(undefined)}
            />
          </Suspense>
        )}
      </Show>
    ),
  };
}
