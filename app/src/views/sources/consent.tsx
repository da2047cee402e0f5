/**
 * The way to a vendor's consent, or to other keys: for a source that nobody has allowed yet, and for one whose access has ended.
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
import { LackWords, lacks } from "./lack";
import { driverOf } from "./setting";
import { keysOf, SourceFields } from "./source-fields";
import type { SourceProps } from "./source-props";

/** Consent where the vendor has a page for it, else keys. */
export function Consent(props: SourceProps): JSX.Element {
  const driver = () => driverOf(props.setting, props.source.driver);
  const mayConsent = () => {
    const known = driver();
    return known?.auth.kind === "oauth" && !lacks(known);
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
        {(known) => <Show when={lacks(known())}>{<LackWords driver={known()} />}</Show>}
      </Show>
      <Show when={mayConsent() && !wantsKeys()}>
        <p class="soft">
          {driver()?.label} asks you on its own page whether we may read. You come back here, and nothing is
          written there.
        </p>
        <div class="form-foot">
          <Button
            kind="main"
            disabled={!props.setting.mayManage}
            busy={consent.pending() ? "Opening its page" : undefined}
            onClick={consent.run}
          >
            Go on to {driver()?.label}
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

/** New keys, tried at once. */
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
        <p class="small soft">Encrypted at once and never shown again, not even to you.</p>
        <div class="form-foot">
          <Button kind="main" type="submit" busy={form.pending() ? "Trying them" : undefined}>
            Connect with these
          </Button>
        </div>
      </fieldset>
    </form>
  );
}

/** What came of a consent page, as the address says when somebody comes back from it. */
const OUTCOMES: Record<string, { title: (vendor: string) => string; about: string }> = {
  denied: {
    title: (vendor) => `${vendor} was not allowed to let us read`,
    about: "Nothing was read and nothing is kept. You can go there again, perhaps with another login.",
  },
  expired: {
    title: () => "That took longer than ten minutes",
    about: "A consent page is good for ten minutes, so that nobody else can use it. Go there again.",
  },
  other_user: {
    title: () => "Somebody else began this",
    about:
      "Whoever goes to the consent page must be the one who comes back. Begin again, signed in as you are now.",
  },
  failed: {
    title: (vendor) => `${vendor} gave no access`,
    about:
      "Nothing was read and nothing is kept. Its login may lack the right to read, or the vendor was not there: try again.",
  },
};

/** Says what came of a consent page that was left without access. */
export function Returned(props: SourceProps): JSX.Element {
  const [search] = useSearchParams<{ connect?: string }>();
  const outcome = () => OUTCOMES[search.connect ?? ""];
  return (
    <Show when={outcome()}>
      {(came) => (
        <Notice
          kind="bad"
          title={came().title(driverOf(props.setting, props.source.driver)?.label ?? "The vendor")}
        >
          {came().about}
        </Notice>
      )}
    </Show>
  );
}
