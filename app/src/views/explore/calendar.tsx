/**
 * A month of days. Two presses select a range; arrows, Page Up and Page Down move the focus.
 * @module
 */
import { createEffect, createSignal, For, type JSX } from "solid-js";
import { addDays, addMonths, type Day, dayText, firstWeekday, monthGrid, monthStart } from "../../ui/clock";
import { Icon } from "../../ui/icon";
import { locale } from "../../ui/locale";
import styles from "./explore.module.css";

interface CalendarProps {
  today: Day;
  chosen: { first: Day; last: Day } | undefined;
  /** The first of two days, once it is selected. */
  draft: Day | undefined;
  onPick: (day: Day) => void;
}

const STEPS: Record<string, (day: Day) => Day> = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
};

/** The month grid with its heading. */
export function Calendar(props: CalendarProps): JSX.Element {
  const [at, setAt] = createSignal(props.chosen?.last ?? props.today);
  const [over, setOver] = createSignal<Day>();
  const [moved, setMoved] = createSignal(false);
  let grid!: HTMLDivElement;
  const days = () => monthGrid(at(), firstWeekday(locale()));
  const span = () => {
    const { draft } = props;
    if (draft === undefined) return props.chosen;
    const other = over() ?? draft;
    return draft < other ? { first: draft, last: other } : { first: other, last: draft };
  };
  createEffect(() => {
    if (moved()) grid.querySelector<HTMLElement>(`[data-day="${at()}"]`)?.focus();
  });
  const press = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const next = step(at());
    setMoved(true);
    if (next <= props.today) setAt(next);
    setOver(at());
  };
  const turn = (months: number) => {
    setMoved(false);
    setAt(addMonths(at(), months));
  };
  return (
    <div class={styles.calendar}>
      <div class={styles.calendarHead}>
        <button
          class="button"
          data-kind="quiet"
          data-size="s"
          data-icon
          type="button"
          aria-label="Previous month"
          onClick={() => turn(-1)}
        >
          <Icon name="left" />
        </button>
        <b aria-live="polite">{dayText(at(), locale(), { month: "long", year: "numeric" })}</b>
        <button
          class="button"
          data-kind="quiet"
          data-size="s"
          data-icon
          type="button"
          aria-label="Next month"
          disabled={monthStart(at()) >= monthStart(props.today)}
          onClick={() => turn(1)}
        >
          <Icon name="right" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys bubble here from the days */}
      <div class={styles.calendarGrid} ref={grid} onKeyDown={press}>
        <For each={days().slice(0, 7)}>
          {(day) => (
            <span class="small soft" aria-hidden="true">
              {dayText(day, locale(), { weekday: "narrow" })}
            </span>
          )}
        </For>
        <For each={days()}>
          {(day) => (
            <button
              type="button"
              data-day={day}
              tabindex={day === at() ? 0 : -1}
              disabled={day > props.today}
              data-outside={day.slice(0, 7) === at().slice(0, 7) ? undefined : ""}
              data-today={day === props.today ? "" : undefined}
              data-in={isIn(span(), day) ? "" : undefined}
              data-end={span()?.first === day || span()?.last === day ? "" : undefined}
              aria-pressed={isIn(span(), day)}
              aria-label={dayText(day, locale(), { dateStyle: "full" })}
              onPointerEnter={() => setOver(day)}
              onClick={() => props.onPick(day)}
            >
              {Number(day.slice(8))}
            </button>
          )}
        </For>
      </div>
      <p class="small soft">{props.draft ? "Choose the last day." : "Choose the first and last day."}</p>
    </div>
  );
}

function isIn(span: { first: Day; last: Day } | undefined, day: Day): boolean {
  return span !== undefined && span.first <= day && day <= span.last;
}
