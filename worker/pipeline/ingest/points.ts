/**
 * Analytics Engine points: operational counters. It samples and retains data for three months, so no displayed
 * statistic uses it.
 * @module
 */
import type { Message } from "../../../schema/wire/message";

/** Workers Analytics Engine › Limits: 250 data points an invocation. */
const MAX_POINTS = 250;

/** The part of a dataset that is used. */
export interface PointSink {
  writeDataPoint(point: AnalyticsEngineDataPoint): void;
}

/** `event`: one point per event. `request`: one with the weight of all, for a third of the cost. */
export type PointSetting = "event" | "request";

/**
 * Writes points for the events that count. blobs: project, event, path, source, country, browser, device;
 * double: number of events the point represents. Beyond 250, neighbors share a point under the first one's names.
 */
export function writePoints(sink: PointSink, messages: Message[], setting: PointSetting): void {
  const points = messages.flatMap((message) =>
    message.events
      .filter((event) => event.drop_reason === null)
      .map((event) => {
        const context = message.contexts[event.context];
        return [
          message.project_id,
          event.event_name,
          event.path,
          event.source,
          context?.country ?? null,
          context?.browser ?? null,
          context?.device ?? null,
        ];
      }),
  );
  const weight = setting === "request" ? points.length : Math.ceil(points.length / MAX_POINTS);
  for (let first = 0; first < points.length; first += weight) {
    const blobs = points[first] ?? [];
    const doubles = [Math.min(weight, points.length - first)];
    sink.writeDataPoint({ indexes: [blobs[0] ?? null], blobs, doubles });
  }
}
