/**
 * What stands in the way of reading: what happened, what is safe, what to do; and what will, if nobody acts.
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
import { troubleWords } from "./labels";
import { driverOf } from "./setting";
import type { SourceProps } from "./source-props";
import styles from "./trouble.module.css";

const DAY_MS = 86_400_000;
/** How long before something ends it is said. */
const WARN_DAYS = 30;
const LONG_WARN_DAYS = 120;

/** Nothing while all is well. */
export function Trouble(props: SourceProps): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const words = () => {
    const { error, driver, name } = props.source;
    return error ? troubleWords(error, driverOf(props.setting, driver)?.label ?? name) : undefined;
  };
  const sync = createMutation(() => syncNow(props.source.project_id, props.source.id), {
    revalidate: [source.key, runs.key],
  });
  const act = () => {
    if (!props.setting.mayRun) return undefined;
    if (words()?.need === "consent" && props.setting.mayManage)
      return (
        <Button size="s" aria-expanded={isOpen()} onClick={() => setOpen(!isOpen())}>
          Connect again
        </Button>
      );
    if (words()?.need === "sync")
      return (
        <Button size="s" busy={sync.pending() ? "Asking" : undefined} onClick={sync.run}>
          Try again
        </Button>
      );
    return undefined;
  };
  return (
    <Show when={words()}>
      {(said) => (
        <div class={styles.trouble}>
          <Notice kind="bad" title={said().title} action={act()}>
            {said().safe}
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

/** What ends soon: the access, or the version of the vendor's API. */
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
            title={`Access ends ${ago(at(), props.now, locale())}`}
            action={
              <Show when={props.setting.mayManage}>
                <Button size="s" aria-expanded={isOpen()} onClick={() => setOpen(!isOpen())}>
                  Connect again
                </Button>
              </Show>
            }
          >
            {props.driver?.label} lets nobody in for longer. Connect again before{" "}
            {moment(at(), locale(), props.setting.project.timezone, { dateStyle: "long" })} and nothing is
            missed; afterwards reading stops until somebody does.
          </Notice>
        )}
      </Show>
      <Show when={isOpen()}>
        <Consent {...props} />
      </Show>
      <Show when={sunset()}>
        {(day) => (
          <Notice title={`${props.driver?.label} ends version ${props.driver?.version} soon`}>
            On {dayText(day(), locale(), { dateStyle: "long" })} it stops answering. Update Selvedge before
            then; what was read stays.
          </Notice>
        )}
      </Show>
    </>
  );
}
