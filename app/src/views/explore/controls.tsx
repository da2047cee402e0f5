/**
 * The controls of the overview: range, comparison, filter, share.
 * @module
 */
import { createSignal, type JSX } from "solid-js";
import type { Condition } from "../../../../schema/wire/filter";
import type { Project } from "../../../../schema/wire/project";
import { COMPARISONS, type Comparison } from "../../query-state";
import { Button } from "../../ui/button";
import { Icon } from "../../ui/icon";
import { Menu, MenuChoice } from "../../ui/menu";
import { AddFilter } from "./filters";
import { RangePicker } from "./range-picker";
import type { ExploreState } from "./state";

type Panel = "range" | "filter";

/** `open` is the open panel, so that shortcuts can open it too. */
export function Controls(props: {
  project: Project;
  state: ExploreState;
  open: Panel | undefined;
  onOpen: (panel: Panel | undefined) => void;
  onChange: (next: Partial<ExploreState>) => void;
  onFilter: (condition: Condition) => void;
}): JSX.Element {
  const toggle = (panel: Panel) => (open: boolean) => props.onOpen(open ? panel : undefined);
  return (
    <div class="controls">
      <RangePicker
        range={props.state.range}
        timezone={props.project.timezone}
        open={props.open === "range"}
        onOpenChange={toggle("range")}
        onChange={(range) => props.onChange({ range, grain: null })}
      />
      <CompareMenu compare={props.state.compare} onChange={(compare) => props.onChange({ compare })} />
      <AddFilter
        project={props.project.id}
        open={props.open === "filter"}
        onOpenChange={toggle("filter")}
        onAdd={props.onFilter}
      />
      <Share />
    </div>
  );
}

const SHORT = { none: "No comparison", previous: "vs previous", year: "vs last year" } as const;
const OPTIONS = (Object.keys(COMPARISONS) as Comparison[]).map((value) => ({
  value,
  label: COMPARISONS[value],
}));

function CompareMenu(props: { compare: Comparison; onChange: (compare: Comparison) => void }): JSX.Element {
  return (
    <Menu
      label={`Comparison: ${SHORT[props.compare]}`}
      trigger={
        <>
          <Icon name="compare" size={18} />
          <span class="wide-only">{SHORT[props.compare]}</span>
        </>
      }
    >
      <MenuChoice value={props.compare} options={OPTIONS} onChange={props.onChange} />
    </Menu>
  );
}

const COPIED_MS = 1800;

/** Copies the link: the URL contains the whole state of the page. */
function Share(): JSX.Element {
  const [isCopied, setCopied] = createSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(window.location.href);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return (
    <Button
      title="Copy a link to this view"
      aria-label={isCopied() ? "Copied" : "Share: copy a link to this view"}
      onClick={copy}
    >
      <Icon name={isCopied() ? "check" : "share"} size={18} />
      <span class="wide-only" aria-live="polite">
        {isCopied() ? "Copied" : "Share"}
      </span>
    </Button>
  );
}
