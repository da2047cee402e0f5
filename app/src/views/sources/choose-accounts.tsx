/**
 * Selects the accounts of a source to sync.
 * @module
 */
import { createSignal, For, type JSX, Show } from "solid-js";
import type { Source, VendorAccount } from "../../../../schema/wire/source";
import { createForm, createMutation } from "../../client/mutation";
import { changeSource, checkSource, runs, source, sources } from "../../client/sources";
import { Button } from "../../ui/button";
import { counted } from "../../ui/format";
import { locale } from "../../ui/locale";
import { ProblemNotice } from "../../ui/problem";
import styles from "./choose-accounts.module.css";

/** Checkboxes of all accounts. */
export function ChooseAccounts(props: { source: Source; locked: boolean }): JSX.Element {
  const [saved, setSaved] = createSignal(false);
  const form = createForm(
    (data) => {
      setSaved(false);
      return changeSource(props.source.project_id, props.source.id, {
        accounts: data.getAll("account").filter((id) => typeof id === "string"),
      });
    },
    { revalidate: [sources.key, source.key, runs.key], onSuccess: () => setSaved(true) },
  );
  const refresh = createMutation(() => checkSource(props.source.project_id, props.source.id), {
    revalidate: [sources.key, source.key],
  });
  return (
    <form class={`form ${styles.accounts}`} onSubmit={form.submit}>
      <ProblemNotice problem={form.problem() ?? refresh.problem()} />
      <fieldset class="form" disabled={props.locked}>
        <legend class={styles.legend}>
          {counted(props.source.accounts.length, "account", locale())} available
        </legend>
        <ul class="lines">
          <For each={props.source.accounts}>
            {(account) => <AccountTick account={account} checked={account.selected} />}
          </For>
        </ul>
        <p class="small soft">Deselecting an account keeps its synced data and stops syncing it.</p>
        <div class="form-foot">
          <Button kind="main" type="submit" busy={form.pending() ? "Saving" : undefined}>
            Save accounts
          </Button>
          <Button kind="quiet" busy={refresh.pending() ? "Refreshing" : undefined} onClick={refresh.run}>
            Refresh accounts
          </Button>
          <span class="small soft" role="status">
            <Show when={saved()}>Saved</Show>
          </span>
        </div>
      </fieldset>
    </form>
  );
}

function AccountTick(props: { account: VendorAccount; checked: boolean }): JSX.Element {
  const facts = () =>
    [props.account.id, props.account.currency, props.account.timezone].filter(Boolean).join(", ");
  return (
    <li>
      <label class="tick">
        <input type="checkbox" name="account" value={props.account.id} checked={props.checked} />
        <span>{props.account.name}</span>
        <span class="hint">{facts()}</span>
      </label>
    </li>
  );
}
