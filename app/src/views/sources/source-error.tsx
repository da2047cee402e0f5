/**
 * The current error of a source, and warnings about what expires soon.
 * @module
 */
import { createSignal, type JSX, Show } from "solid-js";
import type { SourceDriver } from "../../../../schema/wire/source";
import { createMutation } from "../../client/mutation";
import { runs, source, syncNow } from "../../client/sources";
import { Button } from "../../ui/button";
import { dayText } from "../../ui/clock";
import { ago, moment } from "../../ui/format";
import { locale } from "../../ui/locale";
import { Notice } from "../../ui/notice";
import { ProblemNotice } from "../../ui/problem";
import { Consent } from "./consent";
import { sourceErrorLabel } from "./labels";
import { driverOf } from "./setting";
import styles from "./source-error.module.css";
import type { SourceProps } from "./source-props";

const DAY_MS = 86_400_000;
/** Days before an expiry from which a warning is shown. */
const WARN_DAYS = 30;
const LONG_WARN_DAYS = 120;

/** The current error with its action; empty when there is none. */
export function SourceError(props: SourceProps): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const label = () => {
    const { error, driver, name } = props.source;
    return error ? sourceErrorLabel(error, driverOf(props.setting, driver)?.label ?? name) : undefined;
  };
  const sync = createMutation(() => syncNow(props.source.project_id, props.source.id), {
    revalidate: [source.key, runs.key],
  });
  const act = () => {
    if (!props.setting.mayRun) return undefined;
    if (label()?.action === "consent" && props.setting.mayManage)
      return (
        <Button size="s" aria-expanded={isOpen()} onClick={() => setOpen(!isOpen())}>
          Reconnect
        </Button>
      );
    if (label()?.action === "sync")
      return (
        <Button size="s" busy={sync.pending() ? "Starting" : undefined} onClick={sync.run}>
          Try again
        </Button>
      );
    return undefined;
  };
  return (
    <Show when={label()}>
      {(shown) => (
        <div class={styles.trouble}>
          <Notice kind="bad" title={shown().title} action={act()}>
            {shown().detail}
            <Show when={props.source.error}>
              {(error) => (
                <span class={`${styles.vendor} small`}>
                  {error().message}
                  {error().stream ? ` (${error().stream})` : ""}, {ago(error().at, props.now, locale())}
                </span>
              )}
            </Show>
          </Notice>
          <ProblemNotice problem={sync.problem()} />
          <Show when={isOpen()}>
            <Consent {...props} />
          </Show>
        </div>
      )}
    </Show>
  );
}

/** Warns before the access or the API version expires. */
export function Warnings(props: SourceProps & { driver: SourceDriver | undefined }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const expires = () => {
    const at = props.source.access_expires_at;
    return at !== null && at - props.now < WARN_DAYS * DAY_MS ? at : undefined;
  };
  const sunset = () => {
    const day = props.driver?.sunset;
    return day && Date.parse(day) - props.now < LONG_WARN_DAYS * DAY_MS ? day : undefined;
  };
  return (
    <>
      <Show when={props.source.error?.code !== "auth" && expires()}>
        {(at) => (
          <Notice
            title={`Access expires ${ago(at(), props.now, locale())}`}
            action={
              <Show when={props.setting.mayManage}>
                <Button size="s" aria-expanded={isOpen()} onClick={() => setOpen(!isOpen())}>
                  Reconnect
                </Button>
              </Show>
            }
          >
            Reconnect to {props.driver?.label} before{" "}
            {moment(at(), locale(), props.setting.project.timezone, { dateStyle: "long" })}; after that,
            syncing stops until you reconnect.
          </Notice>
        )}
      </Show>
      <Show when={isOpen()}>
        <Consent {...props} />
      </Show>
      <Show when={sunset()}>
        {(day) => (
          <Notice title={`${props.driver?.label} API ${props.driver?.version} will be discontinued`}>
            It stops working on {dayText(day(), locale(), { dateStyle: "long" })}. Update Selvedge before
            then; synced data is not affected.
          </Notice>
        )}
      </Show>
    </>
  );
}
