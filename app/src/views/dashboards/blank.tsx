/**
 * A dashboard without widgets: what one is, and how to make it.
 * @module
 */
import { type JSX, Show } from "solid-js";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icon";

/** In place of the grid. */
export function Blank(props: { canEdit: boolean; onAdd: () => void }): JSX.Element {
  return (
    <section class="panel blank">
      <h2>Nothing on the loom yet</h2>
      <p class="soft">
        A widget asks one question and shows the answer: a number, a line, a table, a map. Drag it where it
        belongs; the others make room.
      </p>
      <Show
        when={props.canEdit}
        fallback={<p class="soft">An editor of the organisation can add the first.</p>}
      >
        <div class="form-foot">
          <Button kind="main" onClick={() => props.onAdd()}>
            <Icon name="plus" size={18} />
            Add a widget
          </Button>
        </div>
      </Show>
    </section>
  );
}
