/**
 * Explains which settings the deployment lacks for OAuth.
 * @module
 */
import { type JSX, Show } from "solid-js";
import type { SourceDriver } from "../../../../schema/wire/source";
import styles from "./missing-client.module.css";

/** Whether OAuth is unavailable because the deployment has no client registered with the vendor. */
export function isMissingClient(driver: SourceDriver): boolean {
  return driver.auth.kind === "oauth" && !driver.auth.configured;
}

/** Names the missing settings for the operator of the deployment. */
export function MissingClient(props: { driver: SourceDriver }): JSX.Element {
  const hasKeys = () => props.driver.auth.kind === "oauth" && props.driver.auth.keys.length > 0;
  return (
    <p class={`small ${styles.lack}`}>
      Sign-in with {props.driver.label} is not configured. The operator of this deployment must add a client
      id to <code>SOURCES</code> and its secret to <code>SOURCE_CLIENTS</code>, both under{" "}
      <code>{props.driver.name}</code>.<Show when={hasKeys()}> You can use an existing token instead.</Show>
    </p>
  );
}
