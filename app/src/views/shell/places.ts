/**
 * Places of the main navigation.
 * @module
 */
import type { IconName } from "../../ui/icon";

export interface Place {
  href: string;
  label: string;
  icon: IconName;
  /** True when only the exact path matches. */
  end?: boolean;
}

/** Places that the bottom bar of small screens shows; the others are under "More". */
export const BAR_PLACES = 4;

/** Places of a project, or of the account without a project. */
export function placesOf(project: string | undefined): Place[] {
  const own: Place[] = project
    ? [
        { href: `/projects/${project}`, label: "Overview", icon: "chart", end: true },
        { href: `/projects/${project}/dashboards`, label: "Dashboards", icon: "dashboards" },
        { href: `/projects/${project}/metrics`, label: "Metrics", icon: "formula" },
        { href: `/projects/${project}/sources`, label: "Sources", icon: "sources" },
        { href: `/projects/${project}/activity`, label: "Activity", icon: "live" },
        { href: `/projects/${project}/settings`, label: "Settings", icon: "settings" },
      ]
    : [];
  return [
    ...own,
    { href: "/projects", label: "Projects", icon: "projects", end: true },
    { href: "/account", label: "Account", icon: "account" },
  ];
}
