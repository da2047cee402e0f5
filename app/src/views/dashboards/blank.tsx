/**
 * The empty state of a dashboard without widgets.
 * @module
 */
import { type JSX, Show } from "solid-js";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icon";

/** Shown in place of the grid. */
export function Blank(props: { canEdit: boolean; onAdd: () => void }): JSX.Element {
  return (
    <section class="panel blank">
      <h2>No widgets yet</h2>
      <p class="soft">
        A widget shows the result of a query as a number, chart, table or map. Drag widgets to arrange them.
      </p>
      <Show
        when={props.canEdit}
        fallback={<p class="soft">Only editors of the organization can add widgets.</p>}
      >
        <div class="form-foot">
          <Button kind="main" onClick={() => props.onAdd()}>
            <Icon name="plus" size={18} />
            Add widget
          </Button>
        </div>
      </Show>
    </section>
  );
}
