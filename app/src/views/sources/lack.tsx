/**
 * What the deployment itself has to bring before a vendor shows its consent page.
 * @module
 */
import { type JSX, Show } from "solid-js";
import type { SourceDriver } from "../../../../schema/wire/source";
import styles from "./lack.module.css";

/** Whether consent cannot be asked for because the deployment has no client of the vendor's. */
export function lacks(driver: SourceDriver): boolean {
  return driver.auth.kind === "oauth" && !driver.auth.configured;
}

/** Which settings are missing, for whoever runs the deployment. */
export function LackWords(props: { driver: SourceDriver }): JSX.Element {
  const hasKeys = () => props.driver.auth.kind === "oauth" && props.driver.auth.keys.length > 0;
  return (
    <p class={`small ${styles.lack}`}>
      Consent at {props.driver.label} is not set up here: whoever runs this deployment adds a client id to{" "}
      <code>SOURCES</code> and its secret to <code>SOURCE_CLIENTS</code>, both under{" "}
      <code>{props.driver.name}</code>.
      <Show when={hasKeys()}> A token that you already have works without it.</Show>
    </p>
  );
}
