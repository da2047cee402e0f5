/**
 * The public links of a dashboard, and a form to create one.
 * @module
 */
import { createSignal, For, type JSX, Show, Suspense } from "solid-js";
import type { Filter } from "../../../../schema/wire/filter";
import type { Link } from "../../../../schema/wire/link";
import type { Range } from "../../../../schema/wire/query";
import { createLink, links } from "../../client/links";
import { createForm, textOf } from "../../client/mutation";
import { origin } from "../../primitives/origin";
import { Button } from "../../ui/button";
import { Code } from "../../ui/copy";
import { Dialog } from "../../ui/dialog";
import { Field, PasswordField, TextField, Tick } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { ProblemNotice } from "../../ui/problem";
import noteDialogStyles from "../discussion/note-dialog.module.css";
import { LinkList } from "./link-list";
import { addressOf, EXPIRIES, expiryOf, hostsOf, snippetOf } from "./share";

interface ShareProps {
  project: string;
  dashboard: { id: string; name: string };
  /** The current view; a link can store it. */
  view?: { range?: Range; filters?: Filter };
  onClose: () => void;
}

/** The dialog; loaded on first use. */
export default function ShareDialog(props: ShareProps): JSX.Element {
  const [made, setMade] = createSignal<Link & { token: string }>();
  return (
    <Dialog open title="Share by public link" onClose={props.onClose}>
      <div class="form">
        <p class="soft">
          Anyone with the link can view this dashboard without an account. Nothing else in the project is
          accessible, and groups of fewer than 5 people are combined.
        </p>
        <Show when={made()} keyed fallback={<NewLinkForm {...props} onMade={setMade} />}>
          {(link) => <Made link={link} onMore={() => setMade(undefined)} />}
        </Show>
        <Suspense>
          <LinkList project={props.project} dashboard={props.dashboard.id} />
        </Suspense>
      </div>
    </Dialog>
  );
}

function Made(props: { link: Link & { token: string }; onMore: () => void }): JSX.Element {
  const address = () => addressOf(origin(), props.link.token);
  return (
    <>
      <Notice kind="good" title="Copy the link now. It is not shown again.">
        <Code label="Address" text={address()} />
      </Notice>
      <Show when={props.link.embed_in.length > 0}>
        <p>To embed it, add this to a page on {props.link.embed_in.join(", ")}:</p>
        <Code label="Embed code" text={snippetOf(address(), props.link.name)} />
      </Show>
      <div class="form-foot">
        <Button size="s" onClick={() => props.onMore()}>
          Create another
        </Button>
      </div>
    </>
  );
}

function NewLinkForm(props: ShareProps & { onMade: (link: Link & { token: string }) => void }): JSX.Element {
  const form = createForm(
    (data) =>
      createLink(props.project, props.dashboard.id, {
        name: textOf(data, "name") || "Public link",
        password: String(data.get("password") ?? "") || undefined,
        expires_at: expiryOf(textOf(data, "expires"), Date.now()),
        embed_in: hostsOf(textOf(data, "embed_in")),
        ...(data.has("view") ? props.view : {}),
      }),
    {
      revalidate: [links.keyFor(props.project, props.dashboard.id)],
      onSuccess: (link) => props.onMade(link),
    },
  );
  const hosts = () => form.problem()?.errors?.find(({ path }) => path.startsWith("embed_in"))?.message;
  const hasView = () => props.view?.range !== undefined || props.view?.filters !== undefined;
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.formProblem()} />
      <TextField
        label="Name"
        name="name"
        maxlength={120}
        placeholder="Board of directors"
        hint="Shown in the list of links."
        error={form.fieldError("name")}
      />
      <div class={noteDialogStyles.pair}>
        <PasswordField
          label="Password (optional)"
          name="password"
          autocomplete="new-password"
          minlength={4}
          error={form.fieldError("password")}
        />
        <Field label="Expires" error={form.fieldError("expires_at")}>
          {(control) => (
            <select {...control} class="input" name="expires">
              <For each={EXPIRIES}>{({ value, label }) => <option value={value}>{label}</option>}</For>
            </select>
          )}
        </Field>
      </div>
      <TextField
        label="Allowed embed hosts"
        name="embed_in"
        placeholder="https://example.com *.example.org"
        hint="Empty: the dashboard cannot be embedded."
        error={hosts()}
      />
      <Show when={hasView()}>
        <Tick
          label="Use my current range and filters"
          name="view"
          hint="Otherwise the link uses the saved ones."
        />
      </Show>
      <div class="form-foot">
        <Button kind="main" type="submit" busy={form.pending() ? "Creating" : undefined}>
          Create public link
        </Button>
      </div>
    </form>
  );
}
