/**
 * Defined metrics, dashboards of widgets, and public links to them.
 * @module
 */
export { changeMetric, removeMetric } from "./change-metric";
export {
  applyContent,
  exportContent,
  exportDashboard,
  importDashboard,
  planContent,
  type Touched,
} from "./content";
export {
  deleteDashboard,
  deleteProjectDashboards,
  listDashboards,
  readDashboard,
  type StoredDashboard,
} from "./dashboard-store";
export { changeDashboard, createDashboard, type ProjectAuthor, shown } from "./dashboards";
export { copyDashboard, createFromTemplate } from "./from-template";
export {
  createLink,
  findLink,
  LEAST_ROLE,
  listLinks,
  listOrganizationLinks,
  type OpenLink,
  revokeLink,
  revokeOrganizationLink,
} from "./link-store";
export { definitionsOf, listMetrics, readMetric, usesOf } from "./metric-store";
export { checkMetric, createMetric, shownMetric } from "./metrics";
export {
  dashboardOf,
  publicAnswers,
  publicContent,
  publicMeasures,
  publicQuestions,
  ROLLUPS_ONLY,
} from "./public";
export { needsOf, questionsOf, settingWith, withRules } from "./questions";
export { DASHBOARD_TEMPLATES, METRIC_TEMPLATES } from "./templates";
