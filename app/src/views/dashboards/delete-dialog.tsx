/**
 * Confirms the deletion of a dashboard.
 * @module
 */
import { revalidate } from "@solidjs/router";
import { createSignal, type JSX } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import { dashboards, deleteDashboard } from "../../client/dashboards";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { ProblemNotice } from "../../ui/problem";

/** Mounted while it is open. */
export default function DeleteDialog(props: {
  project: string;
  dashboard: { id: string; name: string };
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<Problem>();
  const go = async () => {
    setBusy(true);
    const gone = await deleteDashboard(props.project, props.dashboard.id);
    setBusy(false);
    if (!gone.ok) return setProblem(gone.problem);
    void revalidate(dashboards.key);
    props.onDone();
  };
  return (
    <Dialog open title={`Delete ${props.dashboard.name}`} onClose={props.onClose}>
      <div class="form">
        <ProblemNotice problem={problem()} />
        <p>
          Its comments and public links are deleted as well. This cannot be undone. Events and metrics are not
          affected.
        </p>
        <div class="dialog-foot">
          <Button autofocus onClick={() => props.onClose()}>
            Cancel
          </Button>
          <Button kind="danger" busy={busy() ? "Deleting" : undefined} onClick={go}>
            Delete dashboard
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
