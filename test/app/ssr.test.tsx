/** Components rendered on the server: the HTML contains the numbers, and no browser API is used. */
import { createRoot } from "solid-js";
import { renderToString } from "solid-js/web";
import { describe, expect, it } from "vitest";
import { createChoice } from "../../app/src/primitives/cookie";
import { createShortcuts } from "../../app/src/primitives/shortcuts";
import { createThrottle } from "../../app/src/primitives/throttle";
import { Numbers } from "../../app/src/views/explore/numbers";
import { shapeDashboard } from "../../app/src/views/explore/shape";
import { parseState } from "../../app/src/views/explore/state";
import { createLive } from "../../app/src/views/live/create-live";
import { LiveFeed } from "../../app/src/views/live/live-feed";
import { ZoneChange } from "../../app/src/views/projects/zone-change";
import { DEFAULT_SETTINGS, type Project } from "../../schema/wire/project";
import { makeResults, TODAY } from "./make-dashboard";

const nothing = () => {};

function renderNumbers(search: string): string {
  const state = parseState(search);
  const answer = shapeDashboard(makeResults(), state, "UTC", TODAY + 1);
  if (!answer.ok) throw new Error(answer.problem.title);
  return renderToString(() => (
    <Numbers
      data={answer.data}
      timezone="Asia/Kathmandu"
      state={state}
      onChange={nothing}
      onFilter={nothing}
    />
  ));
}

describe("the dashboard on the server", () => {
  it("contains the numbers, the time zone and the lines of the chart", () => {
    const html = renderNumbers("");
    expect(html).toContain("1,200");
    expect(html).toContain("Germany");
    expect(html).toContain("Direct or unknown");
    expect(html).toContain("Asia/Kathmandu");
    expect(html).toMatch(/class="[^"]*sketchNow[^"]*" d="M0 /);
    expect(html).toContain("+20%");
  });

  it("marks the selected metric and omits a missing comparison", () => {
    const html = renderNumbers("?metric=pageviews&compare=none");
    expect(html.match(/aria-pressed="true"[^>]*>Page views/)).not.toBeNull();
    expect(html).not.toContain("Previous period");
  });

  it("has an accessible name for every control and chart", () => {
    const html = renderNumbers("");
    expect(html).toContain('aria-roledescription="chart"');
    for (const button of html.match(/<button[^>]*><\/button>/g) ?? []) expect(button).toContain("aria-label");
  });
});

describe("primitives on the server", () => {
  it("createLive does nothing and renders", () => {
    const html = renderToString(() => {
      const live = createLive(() => "p1", { arrived: nothing, folded: nothing });
      return <LiveFeed live={live} timezone="UTC" />;
    });
    expect(html).toContain("Connecting");
    expect(html).toContain('aria-live="polite"');
  });

  it("use neither document nor window", () => {
    createRoot((dispose) => {
      createShortcuts(() => ({}));
      createThrottle(nothing, 10);
      const [theme] = createChoice("theme", ["system", "dark"]);
      expect(theme()).toBe("system");
      dispose();
    });
  });
});

describe("a change of the time zone on the server", () => {
  const project = (zone_change: Project["zone_change"]): Project => ({
    id: "p1",
    organization_id: "o1",
    name: "Shop",
    domain: null,
    timezone: "Europe/Berlin",
    zone_change,
    settings: DEFAULT_SETTINGS,
    api_key: "proj_1",
    previous_keys: [],
    first_event_at: 0,
    created_at: 0,
  });
  const render = (zone_change: Project["zone_change"]) =>
    renderToString(() => <ZoneChange project={project(zone_change)} />).replace(/<!--.*?-->/g, "");

  it("says how many days are done, and in which zone numbers are shown", () => {
    const html = render({ timezone: "Asia/Kolkata", days_done: 12, days_total: 180, failing_days: 0 });
    expect(html).toContain("Changing the time zone to Asia/Kolkata: 12 of 180 days done");
    expect(html).toContain("Numbers are shown in Europe/Berlin until then.");
    expect(html).not.toContain("could not be calculated");
  });

  it("says how many days could not be calculated", () => {
    const html = render({ timezone: "Asia/Kolkata", days_done: 12, days_total: 180, failing_days: 2 });
    expect(html).toContain("2 days could not be calculated and will be tried again.");
  });

  it("is nothing otherwise", () => {
    expect(render(null)).toBe("");
  });
});
