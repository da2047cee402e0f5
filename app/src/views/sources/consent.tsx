/**
 * Authorizes a source, by OAuth or with new keys: for a new source, and for one whose access has expired.
 * @module
 */
import { useSearchParams } from "@solidjs/router";
import { createSignal, type JSX, Show } from "solid-js";
import { createForm, createMutation } from "../../client/mutation";
import { changeSource, checkSource, runs, source, sources, startConsent } from "../../client/sources";
import { Button } from "../../ui/button";
import { Notice } from "../../ui/notice";
import { ProblemNotice } from "../../ui/problem";
import styles from "./consent.module.css";
import { isMissingClient, MissingClient } from "./missing-client";
import { driverOf } from "./setting";
import { keysOf, SourceFields } from "./source-fields";
import type { SourceProps } from "./source-props";

/** OAuth where the vendor supports it, else keys. */
export function Consent(props: SourceProps): JSX.Element {
  const driver = () => driverOf(props.setting, props.source.driver);
  const mayConsent = () => {
    const known = driver();
    return known?.auth.kind === "oauth" && !isMissingClient(known);
  };
  const [wantsKeys, setWantsKeys] = createSignal(false);
  const keys = () => {
    const auth = driver()?.auth;
    return auth && auth.kind !== "none" ? auth.keys : [];
  };
  const consent = createMutation(() => startConsent(props.source.project_id, props.source.id), {
    onSuccess: ({ url }) => window.location.assign(url),
  });
  return (
    <div class={`${styles.consent} form`}>
      <ProblemNotice problem={consent.problem()} />
      <Show when={driver()}>
        {(known) => <Show when={isMissingClient(known())}>{<MissingClient driver={known()} />}</Show>}
      </Show>
      <Show when={mayConsent() && !wantsKeys()}>
        <p class="soft">
          You will be asked to allow read access at {driver()?.label}, then return here. Nothing is written to
          your account.
        </p>
        <div class="form-foot">
          <Button
            kind="main"
            disabled={!props.setting.mayManage}
            busy={consent.pending() ? `Opening ${driver()?.label}` : undefined}
            onClick={consent.run}
          >
            Continue to {driver()?.label}
          </Button>
          <Show when={keys().length > 0}>
            <Button kind="quiet" onClick={() => setWantsKeys(true)}>
              Use a token instead
            </Button>
          </Show>
        </div>
      </Show>
      <Show when={keys().length > 0 && (!mayConsent() || wantsKeys())}>
        <KeysForm {...props} />
      </Show>
    </div>
  );
}

/** New keys, verified when saved. */
function KeysForm(props: SourceProps): JSX.Element {
  const keys = () => {
    const auth = driverOf(props.setting, props.source.driver)?.auth;
    return auth && auth.kind !== "none" ? auth.keys : [];
  };
  const form = createForm(
    async (data) => {
      const { project_id, id } = props.source;
      const saved = await changeSource(project_id, id, { keys: keysOf(data, keys()) });
      return saved.ok ? checkSource(project_id, id) : saved;
    },
    { revalidate: [source.key, sources.key, runs.key] },
  );
  return (
    <form class="form" onSubmit={form.submit}>
      <ProblemNotice problem={form.formProblem()} />
      <fieldset class="form" disabled={!props.setting.mayManage}>
        <SourceFields group="keys" fields={keys()} wrong={form.fieldError} />
        <p class="small soft">Encrypted; never shown again.</p>
        <div class="form-foot">
          <Button kind="main" type="submit" busy={form.pending() ? "Connecting" : undefined}>
            Connect
          </Button>
        </div>
      </fieldset>
    </form>
  );
}

/** Outcomes of a consent page by the `connect` parameter of the return URL. */
const OUTCOMES: Record<string, { title: (vendor: string) => string; about: string }> = {
  denied: {
    title: (vendor) => `Access to ${vendor} was denied`,
    about: "Nothing was read or stored. Try again, or use another login.",
  },
  expired: {
    title: () => "The authorization expired",
    about: "An authorization is valid for ten minutes. Start again.",
  },
  other_user: {
    title: () => "Started by another user",
    about:
      "The user who starts an authorization must also complete it. Start again with your current account.",
  },
  failed: {
    title: (vendor) => `${vendor} did not grant access`,
    about:
      "Nothing was read or stored. The login may lack read access, or the platform was unavailable. Try again.",
  },
};

/** Reports an authorization that did not grant access. */
export function ConsentOutcome(props: SourceProps): JSX.Element {
  const [search] = useSearchParams<{ connect?: string }>();
  const outcome = () => OUTCOMES[search.connect ?? ""];
  return (
    <Show when={outcome()}>
      {(shown) => (
        <Notice
          kind="bad"
          title={shown().title(driverOf(props.setting, props.source.driver)?.label ?? "The platform")}
        >
          {shown().about}
        </Notice>
      )}
    </Show>
  );
}
