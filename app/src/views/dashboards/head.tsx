/**
 * The header of a dashboard: name, description, presence and actions.
 * @module
 */
import { revalidate, useNavigate } from "@solidjs/router";
import { createSignal, type JSX, lazy, Show, Suspense } from "solid-js";
import type { ResultsRequest } from "../../../../schema/wire/dashboard";
import { dashboards, duplicateDashboard } from "../../client/dashboards";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icon";
import { Menu } from "../../ui/menu";
import { DiscussionButton, Viewers } from "../discussion";
import { rangeLabel } from "../explore/range-picker";
import type { ExploreState } from "../explore/state";
import type { Draft } from "./draft";
import styles from "./head.module.css";
import { InPlace } from "./in-place";

const DeleteDialog = lazy(() => import("./delete-dialog"));
const ExportDialog = lazy(() => import("./export-dialog"));
const ShareDialog = lazy(() => import("../public/share-dialog"));

interface HeadProps {
  draft: Draft;
  timezone: string;
  range: ExploreState["range"];
  /** The current view of the user. */
  view: Pick<ResultsRequest, "range" | "filters">;
  canEdit: boolean;
  isEditing: boolean;
  isFull: boolean;
  onEdit: (isEditing: boolean) => void;
  onFull: () => void;
  onAdd: () => void;
}

/** Above the grid. */
export function Head(props: HeadProps): JSX.Element {
  const content = () => props.draft.content();
  return (
    <header class={styles.head}>
      <div class={styles.words}>
        <h1>
          <Show when={props.canEdit} fallback={content().name}>
            <InPlace
              label="Name"
              value={content().name}
              empty="Unnamed"
              isRequired
              maxLength={120}
              onChange={(name) => props.draft.change({ name })}
            />
          </Show>
        </h1>
        <Show when={content().description || props.isEditing}>
          <p class="soft">
            <Show when={props.canEdit} fallback={content().description}>
              <InPlace
                label="Description"
                value={content().description}
                empty="Add a description"
                maxLength={2000}
                onChange={(description) => props.draft.change({ description })}
              />
            </Show>
          </p>
        </Show>
        <Show when={props.isFull}>
          <p class="small soft">{rangeLabel(props.range, props.timezone)}</p>
        </Show>
      </div>
      <div class={styles.actions}>
        <Saving draft={props.draft} />
        <Viewers />
        <Show when={props.isEditing} fallback={<Reading {...props} />}>
          <Button
            kind="quiet"
            disabled={!props.draft.canUndo()}
            title="Undo"
            aria-label="Undo"
            data-icon
            onClick={props.draft.undo}
          >
            <Icon name="restore" size={18} />
          </Button>
          <Button onClick={props.onAdd}>
            <Icon name="plus" size={18} />
            Add widget
          </Button>
          <Button kind="main" onClick={() => props.onEdit(false)}>
            Done
          </Button>
        </Show>
      </div>
    </header>
  );
}

function Saving(props: { draft: Draft }): JSX.Element {
  const text = () => ({ saving: "Saving", saved: "Saved", idle: "" })[props.draft.state()];
  return (
    <span class="small soft" role="status">
      {text()}
    </span>
  );
}

function Reading(props: HeadProps): JSX.Element {
  return (
    <>
      <DiscussionButton />
      <Button
        kind="quiet"
        data-icon
        aria-pressed={props.isFull}
        aria-label={props.isFull ? "Exit full screen" : "Full screen"}
        title={props.isFull ? "Exit full screen (f)" : "Full screen (f)"}
        onClick={props.onFull}
      >
        <Icon name={props.isFull ? "shrink" : "full"} size={18} />
      </Button>
      <Show when={props.canEdit}>
        <PublicLinks {...props} />
        <Button onClick={() => props.onEdit(true)} title="Edit (e)">
          <Icon name="edit" size={18} />
          Edit
        </Button>
        <More draft={props.draft} />
      </Show>
    </>
  );
}

/** Opens the dialog of public links. */
function PublicLinks(props: HeadProps): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  return (
    <>
      <Button onClick={() => setOpen(true)} title="Public links" aria-label="Public links">
        <Icon name="globe" size={18} />
        <span class="wide-only">Public links</span>
      </Button>
      <Show when={isOpen()}>
        <Suspense>
          <ShareDialog
            project={props.draft.content().project_id}
            dashboard={props.draft.content()}
            view={props.view}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      </Show>
    </>
  );
}

function More(props: { draft: Draft }): JSX.Element {
  const navigate = useNavigate();
  const [dialog, setDialog] = createSignal<"delete" | "export">();
  const content = () => props.draft.content();
  const home = () => `/projects/${content().project_id}/dashboards`;
  const duplicate = async () => {
    const made = await duplicateDashboard(content().project_id, content().id);
    if (!made.ok) return;
    void revalidate(dashboards.key);
    navigate(`${home()}/${made.data.id}`);
  };
  const isPrivate = () => content().sharing === "private";
  return (
    <>
      <Menu label="More" trigger={<Icon name="more" size={18} />} class={styles.iconOnly} kind="quiet">
        <button type="button" class="menu-item" onClick={duplicate}>
          <Icon name="copy" size={16} />
          Duplicate
        </button>
        <button
          type="button"
          class="menu-item"
          onClick={() => props.draft.change({ sharing: isPrivate() ? "organization" : "private" })}
        >
          <Icon name={isPrivate() ? "globe" : "lock"} size={16} />
          {isPrivate() ? "Share with organization" : "Make private"}
        </button>
        <button type="button" class="menu-item" onClick={() => setDialog("export")}>
          <Icon name="fall" size={16} />
          Export
        </button>
        <hr class="menu-line" />
        <button type="button" class="menu-item" onClick={() => setDialog("delete")}>
          <Icon name="bin" size={16} />
          Delete
        </button>
      </Menu>
      <Suspense>
        <Show when={dialog() === "delete"}>
          <DeleteDialog
            project={content().project_id}
            dashboard={content()}
            onClose={() => setDialog(undefined)}
            onDone={() => navigate(home())}
          />
        </Show>
        <Show when={dialog() === "export"}>
          <ExportDialog dashboard={content()} onClose={() => setDialog(undefined)} />
        </Show>
      </Suspense>
    </>
  );
}
