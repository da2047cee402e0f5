/**
 * A dashboard as text, to keep in a file or to carry to another project.
 * @module
 */
import type { JSX } from "solid-js";
import type { Dashboard } from "../../../../schema/wire/dashboard";
import { Button } from "../../ui/button";
import { Code } from "../../ui/copy";
import { Dialog } from "../../ui/dialog";
import { Icon } from "../../ui/icon";
import { fileOf } from "./file";

/** Mounted while it is open. */
export default function ExportDialog(props: { dashboard: Dashboard; onClose: () => void }): JSX.Element {
  const text = () => fileOf(props.dashboard);
  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text()], { type: "application/json" }));
    link.download = `${props.dashboard.slug ?? "dashboard"}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return (
    <Dialog open title={`Export ${props.dashboard.name}`} onClose={props.onClose}>
      <div class="form export">
        <p class="soft">
          Everything that the dashboard shows and asks, without its numbers. “Import” in the list of
          dashboards reads it again.
        </p>
        <Code text={text()} label="The dashboard as JSON" />
        <div class="dialog-foot">
          <Button kind="main" onClick={save}>
            <Icon name="fall" size={18} />
            Save as a file
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
