/**
 * The HTTP API: mounts the routes of all areas under /api/v1.
 * A new routes file is one more line in `ROUTES`.
 * @module
 */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "./context";
import { onError, ProblemError, problemResponse, refuseInvalid } from "./errors";
import { describingRoutes } from "./openapi";
import { assertRules, honoPath, listRoutes, type RouteRule } from "./route";
import { accessRoutes } from "./routes/access";
import { activityRoutes } from "./routes/activity";
import { analyticsRoutes } from "./routes/analytics";
import { annotationRoutes } from "./routes/annotations";
import { authRoutes } from "./routes/auth";
import { commentRoutes } from "./routes/comments";
import { contentRoutes } from "./routes/content";
import { dashboardRoutes } from "./routes/dashboards";
import { dropRoutes } from "./routes/drops";
import { healthRoutes } from "./routes/health";
import { ingestRoutes } from "./routes/ingest";
import { invitationRoutes } from "./routes/invitations";
import { linkRoutes } from "./routes/links";
import { recordRoutes } from "./routes/lists";
import { liveRoutes } from "./routes/live";
import { mcpRoutes } from "./routes/mcp";
import { metricFieldRoutes } from "./routes/metric-fields";
import { metricRoutes } from "./routes/metrics";
import { modelRoutes } from "./routes/models";
import { organizationRoutes } from "./routes/organizations";
import { pipelineRoutes } from "./routes/pipeline";
import { projectRoutes } from "./routes/projects";
import { pushedRoutes } from "./routes/pushed";
import { qualityRoutes } from "./routes/quality";
import { rateRoutes } from "./routes/rates";
import { shardRoutes } from "./routes/shards";
import { sourceRunRoutes } from "./routes/source-runs";
import { sourceRoutes } from "./routes/sources";
import { tokenRoutes } from "./routes/tokens";

const ROUTES = [
  authRoutes,
  tokenRoutes,
  organizationRoutes,
  invitationRoutes,
  accessRoutes,
  projectRoutes,
  pipelineRoutes,
  ingestRoutes,
  liveRoutes,
  dropRoutes,
  analyticsRoutes,
  recordRoutes,
  commentRoutes,
  annotationRoutes,
  activityRoutes,
  contentRoutes,
  dashboardRoutes,
  linkRoutes,
  metricRoutes,
  metricFieldRoutes,
  sourceRoutes,
  sourceRunRoutes,
  pushedRoutes,
  rateRoutes,
  shardRoutes,
  qualityRoutes,
  modelRoutes,
  healthRoutes,
];

/** Builds the app. @throws when a route has no rule */
export function createApi(): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({
    strict: false,
    defaultHook: refuseInvalid,
  });
  app.onError(onError);
  for (const routes of ROUTES) app.route("/api/v1", routes);
  app.route("/api", mcpRoutes);
  app.route("/api", describingRoutes(app));
  assertRules(app);
  const patterns = listRoutes(app).map((rule) => ({
    rule,
    pattern: patternOf(rule),
  }));
  app.notFound((c) => {
    const path = c.req.path.replace(/(.)\/$/, "$1");
    const allowed = patterns
      .filter(({ pattern }) => pattern.test(path))
      .map(({ rule }) => rule.method.toUpperCase());
    if (allowed.length === 0) return problemResponse(new ProblemError("not_found"));
    return problemResponse(
      new ProblemError("method_not_allowed", undefined, undefined, {
        allow: allowed.join(", "),
      }),
    );
  });
  return app;
}

function patternOf(rule: RouteRule): RegExp {
  return new RegExp(`^${honoPath(rule.path).replaceAll(/:[a-z_]+/g, "[^/]+")}$`);
}

/** The app of this isolate. Building it needs no I/O. */
export const api = createApi();
