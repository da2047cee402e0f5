/**
 * A donut with up to four parts and the rest.
 * @module
 */
import type { QueryKind } from "./kind";
import { DonutParts } from "./shared/parts";

export const donut: QueryKind = {
  label: "Donut",
  description: "Up to four parts of a total and the rest.",
  icon: "M12 2.500a5.500 5.500 0 1 1-5.200 3.700M12 2.500a5.500 5.500 0 0 0-4.500 2.400",
  minSize: { w: 3, h: 2 },
  defaultSize: { w: 4, h: 4 },
  metrics: 1,
  dimensions: [1, 1],
  interval: "never",
  hasLimit: false,
  hasTableView: true,
  View: (props) => <DonutParts result={props.result} shown={props.shown} />,
};
