/**
 * The layout of the source pages; renders its children when the shared data has loaded.
 * @module
 */
import type { JSX } from "solid-js";
import { Icon } from "../../ui/icon";
import pageHeadStyles from "../../ui/page-head.module.css";
import { Loaded } from "../shell/loaded";
import { ProjectPage } from "../shell/project-page";
import styles from "./page.module.css";
import { createSourcesSetting, type SourcesSetting } from "./setting";

/** `title` is the document title. */
export function SourcesPage(props: {
  title: string;
  children: (setting: () => SourcesSetting) => JSX.Element;
}): JSX.Element {
  const { setting, problem } = createSourcesSetting();
  return (
    <Loaded data={setting()} problem={problem()} retry={() => window.location.reload()}>
      {(open) => (
        <ProjectPage
          project={open().project}
          title={`${props.title} · ${open().project.name}`}
          place="Sources"
          class={styles.page}
        >
          {props.children(open)}
        </ProjectPage>
      )}
    </Loaded>
  );
}

/** Link to the list of sources. */
export function BackToSources(props: { project: string }): JSX.Element {
  return (
    <a class={pageHeadStyles.back} href={`/projects/${props.project}/sources`}>
      <Icon name="left" size={16} />
      Sources
    </a>
  );
}
