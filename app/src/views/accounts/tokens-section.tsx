/**
 * The API tokens of the account.
 * @module
 */
import { createAsync, revalidate } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import type { Problem } from "../../../../schema/wire/error";
import type { Scope } from "../../../../schema/wire/project";
import { dataOf, problemOf } from "../../client/http";
import { createForm, textOf } from "../../client/mutation";
import { createToken, revokeToken, tokens } from "../../client/tokens";
import { Button } from "../../ui/button";
import { Code } from "../../ui/copy";
import { TextField, Tick } from "../../ui/field";
import { ago } from "../../ui/format";
import { locale } from "../../ui/locale";
import { Notice } from "../../ui/notice";
import { ProblemNotice } from "../../ui/problem";
import { Section } from "../../ui/section";

const SCOPES: Record<Scope, string> = {
  "analytics:read": "Query analytics",
  "content:read": "View dashboards, metrics and comments",
  "content:write": "Create and change dashboards, metrics and comments",
  "events:write": "Send and import events",
  "projects:read": "View projects and their settings",
  "projects:write": "Create, change and delete projects",
};
const SCOPE_NAMES = Object.keys(SCOPES) as Scope[];

/** The list, and a form to create a token. */
export function TokensSection(): JSX.Element {
  const found = createAsync(() => tokens(), { deferStream: true });
  const [problem, setProblem] = createSignal<Problem>();
  const list = () => dataOf(found())?.data ?? [];
  const revoke = async (id: string) => {
    const result = await revokeToken(id);
    setProblem(problemOf(result));
    await revalidate(tokens.key);
  };
  return (
    <Section
      id="tokens"
      title="API tokens"
      about={
        <>
          For scripts and servers. Grant each token only the permissions it needs. See the{" "}
          <a href="/api/docs" rel="external">
            API reference
          </a>
          .
        </>
      }
    >
      <ProblemNotice problem={problem()} />
      <Show when={list().length > 0}>
        <ul class="lines">
          <For each={list()}>
            {(token) => (
              <li>
                <div>
                  <b>{token.name}</b>
                  <p class="small soft">
                    {token.scopes.map((scope) => SCOPES[scope].toLowerCase()).join(", ")} ·{" "}
                    {token.last_used_at === null
                      ? "never used"
                      : `last used ${ago(token.last_used_at, Date.now(), locale())}`}
                  </p>
                </div>
                <Button size="s" kind="danger" onClick={() => revoke(token.id)}>
                  Revoke
                </Button>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <NewToken />
    </Section>
  );
}

function NewToken(): JSX.Element {
  const [made, setMade] = createSignal<string>();
  const form = createForm(
    (data) =>
      createToken(
        textOf(data, "name"),
        SCOPE_NAMES.filter((scope) => data.has(scope)),
      ),
    { revalidate: [tokens.key], onSuccess: (token) => setMade(token.token) },
  );
  return (
    <>
      <Show when={made()}>
        {(token) => (
          <Notice kind="good" title="Copy this token now. It is shown only once.">
            <Code label="API token" text={token()} />
          </Notice>
        )}
      </Show>
      <form class="form" onSubmit={form.submit}>
        <ProblemNotice problem={form.problem()} />
        <TextField
          label="Token name"
          name="name"
          required
          maxlength={120}
          placeholder="Nightly report"
          error={form.fieldError("name")}
        />
        <fieldset class="form">
          <legend class="visually-hidden">Permissions</legend>
          <For each={SCOPE_NAMES}>
            {(scope) => (
              <Tick label={SCOPES[scope]} hint={scope} name={scope} checked={scope === "analytics:read"} />
            )}
          </For>
        </fieldset>
        <div class="form-foot">
          <Button type="submit" busy={form.pending() ? "Creating" : undefined}>
            Create token
          </Button>
        </div>
      </form>
    </>
  );
}
