/**
 * The steps to set up a project.
 * @module
 */
import { For, type JSX } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import { Icon } from "../../ui/icon";
import styles from "./projects.module.css";

interface Step {
  label: string;
  hint: JSX.Element;
  done: boolean;
}

/** Create, embed, first event, invite. Embedding is done when the first event arrives. */
export function Checklist(props: { project: Project }): JSX.Element {
  const arrived = () => props.project.first_event_at !== null;
  const steps = (): Step[] => [
    { label: "Create a project", hint: `${props.project.name}, in ${props.project.timezone}`, done: true },
    { label: "Add the snippet", hint: "Under 2 KB, no cookies.", done: arrived() },
    { label: "Receive the first event", hint: "Open one of your pages in another tab.", done: arrived() },
    {
      label: "Invite your team",
      hint: (
        <>
          Send <a href={`/organizations/${props.project.organization_id}#invitations`}>invitations</a> by
          e-mail.
        </>
      ),
      done: false,
    },
  ];
  return (
    <section class={`panel ${styles.checklist}`} aria-label="First steps">
      <h2>First steps</h2>
      <ol>
        <For each={steps()}>
          {(step, index) => (
            <li data-done={step.done ? "" : undefined}>
              <i>{step.done ? <Icon name="check" size={16} label="Done" /> : index() + 1}</i>
              <div>
                <b>{step.label}</b>
                <p class="small soft">{step.hint}</p>
              </div>
            </li>
          )}
        </For>
      </ol>
    </section>
  );
}
