/**
 * A project nobody has sent an event to: what to do, and a shuttle that waits with you. The first event turns the
 * page into data by itself.
 * @module
 */
import type { JSX } from "solid-js";
import type { Project } from "../../../../schema/wire/project";
import type { LinkState } from "../../client/socket";
import { origin } from "../../primitives/origin";
import { Code } from "../../ui/copy";
import { Checklist } from "./checklist";
import { curl, snippet } from "./snippet";

/** The empty dashboard. */
export function FirstEvent(props: { project: Project; link: LinkState }): JSX.Element {
  return (
    <div class="first">
      <section class="panel first-main" aria-labelledby="first-title">
        <h2 id="first-title" class="first-title">
          Waiting for the first event
        </h2>
        <p class="soft">
          Put this into the <code>&lt;head&gt;</code> of your pages. Page views are counted from then on, and
          this page turns into your numbers by itself.
        </p>
        <Code label="Tracking snippet" text={snippet(origin(), props.project.api_key)} />
        <div class="listening" />
        <p class="small soft" role="status">
          {props.link === "open" ? "Listening" : "Opening the live link"}
          {props.project.domain ? ` for ${props.project.domain}` : " for any site"}
        </p>
        <details>
          <summary>Or send one by hand</summary>
          <Code label="Command that sends one event" text={curl(origin(), props.project.api_key)} />
        </details>
      </section>
      <Checklist project={props.project} />
    </div>
  );
}
