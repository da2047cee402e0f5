/**
 * Types of the API's operations, inferred from the routes of the Worker: what each takes and returns. Types only, no code.
 * @module
 */
import type { ZodType, z } from "zod";
import type { AccessRoute } from "../../../worker/api/routes/access";
import type { ActivityRoute } from "../../../worker/api/routes/activity";
import type { AnalyticsRoute } from "../../../worker/api/routes/analytics";
import type { AnnotationRoute } from "../../../worker/api/routes/annotations";
import type { AuthRoute } from "../../../worker/api/routes/auth";
import type { CommentRoute } from "../../../worker/api/routes/comments";
import type { ContentRoute } from "../../../worker/api/routes/content";
import type { DashboardRoute } from "../../../worker/api/routes/dashboards";
import type { DropRoute } from "../../../worker/api/routes/drops";
import type { InvitationRoute } from "../../../worker/api/routes/invitations";
import type { LinkRoute } from "../../../worker/api/routes/links";
import type { MetricFieldRoute } from "../../../worker/api/routes/metric-fields";
import type { MetricRoute } from "../../../worker/api/routes/metrics";
import type { ModelRoute } from "../../../worker/api/routes/models";
import type { OrganizationRoute } from "../../../worker/api/routes/organizations";
import type { ProjectRoute } from "../../../worker/api/routes/projects";
import type { PushedRoute } from "../../../worker/api/routes/pushed";
import type { QualityRoute } from "../../../worker/api/routes/quality";
import type { RecoveryRoute } from "../../../worker/api/routes/recovery";
import type { SourceRunRoute } from "../../../worker/api/routes/source-runs";
import type { SourceRoute } from "../../../worker/api/routes/sources";
import type { TokenRoute } from "../../../worker/api/routes/tokens";

type Route =
  | AccessRoute
  | ActivityRoute
  | AnalyticsRoute
  | AnnotationRoute
  | AuthRoute
  | CommentRoute
  | ContentRoute
  | DashboardRoute
  | DropRoute
  | InvitationRoute
  | LinkRoute
  | MetricFieldRoute
  | MetricRoute
  | ModelRoute
  | OrganizationRoute
  | ProjectRoute
  | PushedRoute
  | QualityRoute
  | RecoveryRoute
  | SourceRunRoute
  | SourceRoute
  | TokenRoute;

/** Routes by method and path: `GET /projects/{id}`. */
type Api = { [R in Route as `${Uppercase<R["method"]>} ${R["path"]}`]: R };

/** Name of an operation: `GET /projects/{id}`. */
export type Operation = keyof Api;

type RequestOf<R> = R extends { request: infer Q } ? Q : unknown;
type Params<Q> = Q extends { params: infer S extends ZodType } ? { params: z.input<S> } : unknown;
type Query<Q> = Q extends { query: infer S extends ZodType }
  ? Record<never, never> extends z.input<S>
    ? { query?: z.input<S> }
    : { query: z.input<S> }
  : unknown;
type Body<Q> = Q extends { body: { content: infer C } }
  ? C extends { "application/json": { schema: infer S extends ZodType } }
    ? { json: z.input<S> }
    : { text: string; contentType: string }
  : unknown;

/** What an operation takes: parameters of the path, of the query, and a body, as far as it has them. */
export type Input<O extends Operation> = Params<RequestOf<Api[O]>> &
  Query<RequestOf<Api[O]>> &
  Body<RequestOf<Api[O]>> & { headers?: Record<string, string> };

type Content<C> = C extends { content: { "application/json": { schema: infer S extends ZodType } } }
  ? z.output<S>
  : undefined;

/** The data that an operation returns; undefined where it returns no JSON. */
export type Output<O extends Operation> = Api[O] extends { responses: infer A } ? Content<A[keyof A]> : never;

/** The JSON body that an operation takes. */
export type Json<O extends Operation> = Input<O> extends { json: infer J } ? J : never;
