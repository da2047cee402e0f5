/**
 * Annotations for pages with time charts: flags, and the dialog of a day.
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
  /** Opens the annotations of a time range (epoch ms, half-open). */
  open: (from: number, to: number) => void;
  /** The dialog element. */
  dialog: JSX.Element;
}

/** The annotations of a project, with days in the time zone. The dialog loads on first use. */
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
