/**
 * The layout of the metric pages; renders its children when the shared data has loaded.
 * @module
 */
import type { JSX } from "solid-js";
import { Loaded } from "../shell/loaded";
import { ProjectPage } from "../shell/project-page";
import styles from "./page.module.css";
import { createMetricsSetting, type MetricsSetting } from "./setting";

/** `title` is the document title. */
export function MetricsPage(props: {
  title: string;
  children: (setting: () => MetricsSetting) => JSX.Element;
}): JSX.Element {
  const { setting, problem } = createMetricsSetting();
  return (
    <Loaded data={setting()} problem={problem()} retry={() => window.location.reload()}>
      {(open) => (
        <ProjectPage
          project={open().project}
          title={`${props.title} · ${open().project.name}`}
          place="Metrics"
          class={styles.page}
        >
          {props.children(open)}
        </ProjectPage>
      )}
    </Loaded>
  );
}
