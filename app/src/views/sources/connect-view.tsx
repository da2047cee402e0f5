/**
 * /projects/[id]/sources/new/[driver]: connects a source.
 * @module
 */
import { useNavigate, useParams } from "@solidjs/router";
import { createSignal, type JSX, Show } from "solid-js";
import type { SourceDriver } from "../../../../schema/wire/source";
import { createForm, textOf } from "../../client/mutation";
import { createSource, sources, startConsent } from "../../client/sources";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/field";
import pageHeadStyles from "../../ui/page-head.module.css";
import { ProblemNotice } from "../../ui/problem";
import { NotFound } from "../shell/breakage";
import styles from "./connect-view.module.css";
import { GenericForm, genericOf } from "./generic-form";
import { isMissingClient, MissingClient } from "./missing-client";
import { BackToSources, SourcesPage } from "./page";
import type { SourcesSetting } from "./setting";
import { keysOf, SourceFields, settingsOf } from "./source-fields";
import sourceHeadStyles from "./source-head.module.css";
import { Steps } from "./steps";
import { Badge } from "./vendor-badge";

/** The page. */
export function ConnectView(): JSX.Element {
  const params = useParams<{ driver: string }>();
  return (
    <SourcesPage title="Connect a source">
      {(setting) => (
        <Show when={setting().drivers.find(({ name }) => name === params.driver)} fallback={<NotFound />}>
          {(driver) => (
            <>
              <div class={pageHeadStyles.head}>
                <BackToSources project={setting().project.id} />
                <h1 class={sourceHeadStyles.title}>
                  <Badge badge={driver().badge} />
                  Connect {driver().label}
                </h1>
              </div>
              <Steps at={0} />
              <Show
                when={setting().mayManage}
                fallback={<p class="soft">Only admins and owners of the organization can connect sources.</p>}
              >
                <div class={styles.connect}>
                  <Show
                    when={genericOf(driver().name)}
                    fallback={<ConnectForm driver={driver()} setting={setting()} />}
                  >
                    {(name) => <GenericForm name={name()} driver={driver()} setting={setting()} />}
                  </Show>
                  <Permissions driver={driver()} />
                </div>
              </Show>
            </>
          )}
        </Show>
      )}
    </SourcesPage>
  );
}

function ConnectForm(props: { driver: SourceDriver; setting: SourcesSetting }): JSX.Element {
  const navigate = useNavigate();
  const project = () => props.setting.project.id;
  const auth = () => props.driver.auth;
  const mayConsent = () => auth().kind === "oauth" && !isMissingClient(props.driver);
  const [byKeys, setByKeys] = createSignal(!mayConsent());
  const keyFields = () => {
    const known = auth();
    return known.kind === "none" ? [] : known.keys;
  };
  const form = createForm(
    async (data) => {
      const made = await createSource(project(), {
        driver: props.driver.name,
        name: textOf(data, "name") || undefined,
        settings: settingsOf(data, props.driver.settings),
        ...(byKeys() && keyFields().length > 0 ? { keys: keysOf(data, keyFields()) } : {}),
      });
      if (!made.ok || byKeys())
        return made.ok ? { ok: true as const, data: { id: made.data.id, url: "" } } : made;
      const consent = await startConsent(project(), made.data.id);
      return consent.ok ? { ok: true as const, data: { id: made.data.id, url: consent.data.url } } : consent;
    },
    {
      revalidate: [sources.key],
      onSuccess: ({ id, url }) => {
        if (url) window.location.assign(url);
        else navigate(`/projects/${project()}/sources/${id}`);
      },
    },
  );
  const label = () =>
    !byKeys() ? `Continue to ${props.driver.label}` : keyFields().length > 0 ? "Connect" : "Continue";
  const busy = () => (byKeys() ? `Connecting to ${props.driver.label}` : `Opening ${props.driver.label}`);
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.formProblem()} />
      <TextField
        label="Name (optional)"
        name="name"
        maxlength={120}
        placeholder={props.driver.label}
        hint="Shown in lists. Useful when you connect the same platform twice."
        error={form.fieldError("name")}
      />
      <SourceFields group="settings" fields={props.driver.settings} wrong={form.fieldError} />
      <Show when={isMissingClient(props.driver)}>
        <MissingClient driver={props.driver} />
      </Show>
      <Show when={byKeys()}>
        <SourceFields group="keys" fields={keyFields()} wrong={form.fieldError} />
      </Show>
      <Show when={!isMissingClient(props.driver) || keyFields().length > 0}>
        <div class="form-foot">
          <Button kind="main" type="submit" busy={form.pending() ? busy() : undefined}>
            {label()}
          </Button>
          <Show when={mayConsent() && keyFields().length > 0}>
            <Button kind="quiet" onClick={() => setByKeys(!byKeys())}>
              {byKeys() ? `Sign in with ${props.driver.label} instead` : "Use a token instead"}
            </Button>
          </Show>
        </div>
      </Show>
    </form>
  );
}

/** What the source reads and stores. */
function Permissions(props: { driver: SourceDriver }): JSX.Element {
  const scopes = () => {
    const { auth } = props.driver;
    return auth.kind === "oauth" ? auth.scopes : [];
  };
  return (
    <aside class={styles.permissions} aria-label="Permissions">
      <h2>Permissions</h2>
      <p class="soft">{props.driver.description}</p>
      <dl>
        <div>
          <dt>Reads</dt>
          <dd>
            {props.driver.streams.length > 0
              ? props.driver.streams.map(({ label }) => label).join(", ")
              : "The fields you map"}
          </dd>
        </div>
        <div>
          <dt>Writes</dt>
          <dd>Nothing</dd>
        </div>
        <Show when={props.driver.auth.kind !== "none"}>
          <div>
            <dt>Keys and tokens</dt>
            <dd>Encrypted; never shown again</dd>
          </div>
        </Show>
        <Show when={scopes().length > 0}>
          <div>
            <dt>Requested scopes</dt>
            <dd>
              {scopes().map((scope) => (
                <code class={styles.scope}>{scope}</code>
              ))}
            </dd>
          </div>
        </Show>
        <Show when={props.driver.version}>
          <div>
            <dt>API version</dt>
            <dd>
              {props.driver.version}
              {props.driver.sunset ? `, supported until ${props.driver.sunset}` : ""}
            </dd>
          </div>
        </Show>
      </dl>
    </aside>
  );
}
