/**
 * Template: conversion from visit to purchase.
 * @module
 */
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import { headline, widget } from "./build";
import { metricsNamed } from "./metrics";

export const conversion: DashboardTemplate = {
  id: "conversion",
  metrics: metricsNamed("conversion_rate", "revenue", "revenue_per_visitor", "average_order_value"),
  content: {
    name: "Conversion",
    description: "How many visitors buy, for how much, and where they come from.",
    range: "30d",
    compare: "previous",
    widgets: [
      headline("conversion-rate", "Conversion rate", 0, { metrics: ["metric:conversion_rate"] }),
      headline("revenue", "Revenue", 1, { metrics: ["metric:revenue"] }),
      headline("order-value", "Average order value", 2, { metrics: ["metric:average_order_value"] }),
      headline("revenue-per-visitor", "Revenue per visitor", 3, { metrics: ["metric:revenue_per_visitor"] }),
      widget("purchases-over-time", "bar", "Purchases", [0, 2, 6, 4], {
        metrics: ["metric:purchases"],
      }),
      widget("revenue-over-time", "area", "Revenue", [6, 2, 6, 4], {
        metrics: ["metric:revenue"],
      }),
      widget("conversion-by-channel", "bar", "Conversion rate by channel", [0, 6, 6, 4], {
        metrics: ["metric:conversion_rate"],
        dimensions: ["visit:channel"],
      }),
      widget("conversion-by-device", "bar", "Conversion rate by device", [6, 6, 6, 4], {
        metrics: ["metric:conversion_rate"],
        dimensions: ["visit:device"],
      }),
    ],
  },
};
