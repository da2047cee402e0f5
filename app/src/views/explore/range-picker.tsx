/**
 * The time range: presets, and a calendar for a custom range.
 * @module
 */
import { createSignal, For, type JSX } from "solid-js";
import type { Preset } from "../../../../schema/wire/query";
import { type CustomRange, RANGES } from "../../query-state";
import { addDays, type Day, dayIn, dayText } from "../../ui/clock";
import { dateFormat, moment } from "../../ui/format";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import { Popover } from "../../ui/popover";
import { Calendar } from "./calendar";
import styles from "./explore.module.css";
import type { ExploreState } from "./state";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const PRESET_NAMES = Object.keys(RANGES) as Preset[];

/** The label of a range. */
export function rangeLabel(range: ExploreState["range"], timeZone: string): string {
  if (typeof range === "string") return RANGES[range];
  if (DAY.test(range.from) && DAY.test(range.to)) return dayRangeText(range.from, addDays(range.to, -1));
  const time = (iso: string) =>
    moment(Date.parse(iso), locale(), timeZone, {
      day: "numeric",
      month: "short",
      hour: "numeric",
      minute: "2-digit",
    });
  return `${time(range.from)} – ${time(range.to)}`;
}

function dayRangeText(first: Day, last: Day): string {
  const options = { day: "numeric", month: "short", year: "numeric" } as const;
  if (first === last) return dayText(first, locale(), options);
  return dateFormat(locale(), { ...options, timeZone: "UTC" }).formatRange(
    Date.parse(first),
    Date.parse(last),
  );
}

/** The days of a custom range; a range of hours covers every day it touches. */
function daysOf(range: ExploreState["range"], timeZone: string): { first: Day; last: Day } | undefined {
  if (typeof range === "string") return undefined;
  const first = DAY.test(range.from) ? range.from : dayIn(Date.parse(range.from), timeZone);
  const last = DAY.test(range.to) ? addDays(range.to, -1) : dayIn(Date.parse(range.to) - 1, timeZone);
  return { first, last };
}

/** A button that opens presets and calendar. */
export function RangePicker(props: {
  range: ExploreState["range"];
  timezone: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChange: (range: Preset | CustomRange) => void;
}): JSX.Element {
  const [draft, setDraft] = createSignal<Day>();
  const today = () => dayIn(Date.now(), props.timezone);
  const choose = (range: Preset | CustomRange) => {
    setDraft(undefined);
    props.onChange(range);
    props.onOpenChange(false);
  };
  const pick = (day: Day) => {
    const other = draft();
    if (other === undefined) return setDraft(day);
    const [first, last] = day < other ? [day, other] : [other, day];
    choose({ from: first, to: addDays(last, 1) });
  };
  return (
    <Popover
      label={`Time range: ${rangeLabel(props.range, props.timezone)}`}
      open={props.open}
      onOpenChange={(open) => {
        setDraft(undefined);
        props.onOpenChange(open);
      }}
      trigger={
        <>
          <Icon name="calendar" size={18} />
          <span>{rangeLabel(props.range, props.timezone)}</span>
        </>
      }
    >
      <div class={styles.range}>
        <ul class={styles.rangePresets}>
          <For each={PRESET_NAMES}>
            {(name) => (
              <li>
                <button
                  type="button"
                  class="menu-item"
                  aria-current={props.range === name ? "true" : undefined}
                  onClick={() => choose(name)}
                >
                  <span>{RANGES[name]}</span>
                  {props.range === name && <Icon name="check" size={16} />}
                </button>
              </li>
            )}
          </For>
        </ul>
        <Calendar
          today={today()}
          chosen={daysOf(props.range, props.timezone)}
          draft={draft()}
          onPick={pick}
        />
      </div>
    </Popover>
  );
}
