/**
 * The only importer of chart.js, loaded when a chart is on the page. Only what is registered here is bundled: filled lines on
 * a category axis and a linear axis.
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
import { type Paint, paintOf } from "./paint";

Chart.register(LineController, LineElement, PointElement, CategoryScale, LinearScale, Filler);

/** What a line chart draws. */
export interface LineData {
  labels: string[];
  values: (number | null)[];
  previous: (number | null)[];
  /** True when the last bucket is still open: its line is dotted. */
  open: boolean;
  /** True when values are counts: the axis has no fractions. */
  whole: boolean;
  /** Formats a value on the axis. */
  tick: (value: number) => string;
}

export interface LineChart {
  update: (data: LineData) => void;
  /** Reads the colors again after a change of theme. */
  repaint: () => void;
  destroy: () => void;
}

function datasets(data: LineData, paint: Paint) {
  const last = data.values.length - 1;
  const lone = data.values.length < 3;
  return [
    {
      data: data.values,
      borderColor: paint.line,
      borderWidth: 2,
      backgroundColor: paint.fill,
      fill: "origin",
      pointRadius: (point: { dataIndex: number }) =>
        lone || (data.open && point.dataIndex === last) ? 3.5 : 0,
      pointBackgroundColor: (point: { dataIndex: number }) =>
        data.open && point.dataIndex === last ? paint.panel : paint.line,
      pointBorderColor: paint.line,
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
      borderColor: paint.soft,
      borderWidth: 1.25,
      borderDash: [5, 4],
      pointRadius: 0,
      pointHitRadius: 0,
      fill: false as const,
      cubicInterpolationMode: "monotone" as const,
    },
  ];
}

/** Draws into `canvas`; calls `placed` with the geometry after every layout. */
export function makeLineChart(
  canvas: HTMLCanvasElement,
  first: LineData,
  placed: (geometry: Geometry) => void,
): LineChart {
  let data = first;
  let paint = paintOf(canvas);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const reportGeometry = (chart: Chart) => {
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
    data: { labels: data.labels, datasets: datasets(data, paint) },
    options: options(),
    plugins: [{ id: "placed", afterLayout: reportGeometry }],
  });

  function options() {
    const ticks = { color: paint.soft, font: paint.font, maxRotation: 0, padding: 8 };
    return {
      animation: still ? (false as const) : { duration: 240 },
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { top: 8, right: 6 } },
      scales: {
        x: {
          grid: { display: false },
          border: { color: paint.hairline },
          ticks: { ...ticks, autoSkip: true, autoSkipPadding: 28 },
        },
        y: {
          beginAtZero: true,
          suggestedMax: 1,
          grid: { color: paint.hairline, drawTicks: false },
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
    datasets(data, paint).forEach((dataset, index) => {
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
      paint = paintOf(canvas);
      Object.assign(chart.options, options());
      draw();
    },
    destroy: () => chart.destroy(),
  };
}
