/**
 * The only module that knows chart.js; it is loaded when a chart is on the page. What is registered is what is
 * shipped: lines, filled, on a category and a linear axis.
 * @module
 */
import {
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
} from "chart.js";
import type { Geometry } from "./geometry";

Chart.register(LineController, LineElement, PointElement, CategoryScale, LinearScale, Filler);

/** What a line chart draws. */
export interface LineData {
  labels: string[];
  values: (number | null)[];
  previous: (number | null)[];
  /** True when the last bucket is still open: it is dotted. */
  open: boolean;
  /** True when values are counts: the axis has no fractions. */
  whole: boolean;
  /** A value as the axis says it. */
  tick: (value: number) => string;
}

export interface LineChart {
  update: (data: LineData) => void;
  /** Reads the colours again, after light and dark changed places. */
  repaint: () => void;
  destroy: () => void;
}

/** A token's colour as the canvas needs it: resolved, for the element's own light or dark. */
function colour(near: HTMLElement, token: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${token})`;
  near.appendChild(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** The weave as a fill: a twill of the series' colour, a quarter as strong. */
function twill(context: CanvasRenderingContext2D, wash: string, line: string): CanvasPattern | string {
  const tile = document.createElement("canvas");
  tile.width = 6;
  tile.height = 6;
  const pen = tile.getContext("2d");
  if (!pen) return wash;
  pen.fillStyle = wash;
  pen.fillRect(0, 0, 6, 6);
  pen.strokeStyle = line;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const shift of [-6, 0, 6]) {
    pen.moveTo(shift - 1, 7);
    pen.lineTo(shift + 7, -1);
  }
  pen.stroke();
  return context.createPattern(tile, "repeat") ?? wash;
}

function style(canvas: HTMLCanvasElement) {
  const holder = canvas.parentElement ?? document.body;
  const context = canvas.getContext("2d");
  return {
    line: colour(holder, "--series-1"),
    soft: colour(holder, "--ink-soft"),
    hairline: colour(holder, "--line"),
    panel: colour(holder, "--panel"),
    fill: context ? twill(context, colour(holder, "--wash"), colour(holder, "--twill")) : "transparent",
    font: { family: getComputedStyle(holder).fontFamily, size: 12 },
  };
}

function datasets(data: LineData, look: ReturnType<typeof style>) {
  const last = data.values.length - 1;
  const lone = data.values.length < 3;
  return [
    {
      data: data.values,
      borderColor: look.line,
      borderWidth: 2,
      backgroundColor: look.fill,
      fill: "origin",
      pointRadius: (point: { dataIndex: number }) =>
        lone || (data.open && point.dataIndex === last) ? 3.5 : 0,
      pointBackgroundColor: (point: { dataIndex: number }) =>
        data.open && point.dataIndex === last ? look.panel : look.line,
      pointBorderColor: look.line,
      pointBorderWidth: 2,
      pointHitRadius: 0,
      tension: 0.25,
      cubicInterpolationMode: "monotone" as const,
      segment: {
        borderDash: (segment: { p1DataIndex: number }) =>
          data.open && segment.p1DataIndex === last ? [2, 4] : undefined,
      },
    },
    {
      data: data.previous,
      borderColor: look.soft,
      borderWidth: 1.25,
      borderDash: [5, 4],
      pointRadius: 0,
      pointHitRadius: 0,
      fill: false as const,
      cubicInterpolationMode: "monotone" as const,
    },
  ];
}

/** Draws into `canvas`; `placed` is told where everything is after every layout. */
export function makeLineChart(
  canvas: HTMLCanvasElement,
  first: LineData,
  placed: (geometry: Geometry) => void,
): LineChart {
  let data = first;
  let look = style(canvas);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const tell = (chart: Chart) => {
    const { x, y } = chart.scales;
    if (!x || !y) return;
    placed({
      xs: data.labels.map((_, index) => x.getPixelForValue(index)),
      ys: data.values.map((value) => (value === null ? null : y.getPixelForValue(value))),
      ...chart.chartArea,
    });
  };
  const chart = new Chart(canvas, {
    type: "line",
    data: { labels: data.labels, datasets: datasets(data, look) },
    options: options(),
    plugins: [{ id: "placed", afterLayout: tell }],
  });

  function options() {
    const ticks = { color: look.soft, font: look.font, maxRotation: 0, padding: 8 };
    return {
      animation: still ? (false as const) : { duration: 240 },
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { top: 8, right: 6 } },
      scales: {
        x: {
          grid: { display: false },
          border: { color: look.hairline },
          ticks: { ...ticks, autoSkip: true, autoSkipPadding: 28 },
        },
        y: {
          beginAtZero: true,
          suggestedMax: 1,
          grid: { color: look.hairline, drawTicks: false },
          border: { display: false },
          ticks: {
            ...ticks,
            maxTicksLimit: 5,
            precision: data.whole ? 0 : undefined,
            callback: (value: string | number) => data.tick(Number(value)),
          },
        },
      },
    };
  }

  function draw() {
    chart.data.labels = data.labels;
    datasets(data, look).forEach((dataset, index) => {
      Object.assign(chart.data.datasets[index] ?? {}, dataset);
    });
    chart.update();
  }

  return {
    update(next) {
      const other = next.whole !== data.whole;
      data = next;
      if (other) Object.assign(chart.options, options());
      draw();
    },
    repaint() {
      look = style(canvas);
      Object.assign(chart.options, options());
      draw();
    },
    destroy: () => chart.destroy(),
  };
}
