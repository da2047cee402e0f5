/**
 * The overview of a project without events: how to send the first one. The page updates when it arrives.
 * @module
 */
import type { JSX } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import type { LinkState } from "../../client/socket";
import { origin } from "../../primitives/origin";
import { Code } from "../../ui/copy";
import { Checklist } from "./checklist";
import styles from "./projects.module.css";
import { curl, snippet } from "./snippet";

/** The empty dashboard. */
export function FirstEvent(props: { project: Project; link: LinkState }): JSX.Element {
  return (
    <div class={styles.first}>
      <section class={`panel ${styles.firstMain}`} aria-labelledby="first-title">
        <h2 id="first-title" class={styles.firstTitle}>
          Waiting for the first event
        </h2>
        <p class="soft">
          Add this to the <code>&lt;head&gt;</code> of your pages. This page updates automatically when the
          first event arrives.
        </p>
        <Code label="Tracking snippet" text={snippet(origin(), props.project.api_key)} />
        <div class="listening" />
        <p class="small soft" role="status">
          {props.link === "open" ? "Listening" : "Connecting"}
          {props.project.domain ? ` for ${props.project.domain}` : " for any site"}
        </p>
        <details>
          <summary>Or send a test event</summary>
          <Code label="Command to send one event" text={curl(origin(), props.project.api_key)} />
        </details>
      </section>
      <Checklist project={props.project} />
    </div>
  );
}
