/**
 * Lists of an account's objects ("Paginated Results"). `next` holds the access token, so pages are asked for by the cursor.
 * The total says whether a page came twice or was passed over.
 * @module
 */
import { z } from "zod";
import { SourceError } from "../../vendor/driver";
import { parseShape } from "../parse-answer";
import { type Asker, askOne } from "./batch";

const PAGE = 500;
const SMALLEST_PAGE = 25;
/** Lists that do not add up, before we give up. */
const TRIES = 5;

const pageSchema = z.object({
  data: z.array(z.looseObject({ id: z.string() })),
  paging: z
    .object({ cursors: z.object({ after: z.string() }).optional(), next: z.string().optional() })
    .optional(),
  summary: z.object({ total_count: z.number().int() }).optional(),
});
/** An object of a list. */
export type Listed = z.infer<typeof pageSchema>["data"][number];

/** All objects of an edge such as `act_1/campaigns`. @throws SourceError `unavailable` when its pages never add up. */
export async function listEdge(
  asker: Asker,
  edge: string,
  parameters: Record<string, string>,
): Promise<Listed[]> {
  let limit = PAGE;
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const found = await listOnce(asker, edge, { ...parameters, limit: String(limit) });
      if (found !== null) return found;
    } catch (error) {
      const isTooMuch = error instanceof SourceError && error.code === "too_much";
      if (!isTooMuch || limit <= SMALLEST_PAGE) throw error;
      limit = Math.max(SMALLEST_PAGE, Math.floor(limit / 4));
      tries--;
    }
  }
  throw new SourceError("unavailable", `${edge}: the pages are inconsistent`);
}

/** One pass over the pages; null when they cannot be right. */
async function listOnce(
  asker: Asker,
  edge: string,
  parameters: Record<string, string>,
): Promise<Listed[] | null> {
  const found = new Map<string, Listed>();
  let count = 0;
  for (let after: string | undefined; ; ) {
    const query = new URLSearchParams({
      ...parameters,
      summary: '["total_count"]',
      ...(after !== undefined && { after }),
    });
    const { data, paging, summary } = parseShape(
      edge,
      pageSchema,
      await askOne(asker, { path: `${edge}?${query}` }),
    );
    for (const object of data) found.set(object.id, object);
    count += data.length;
    if (count > found.size) return null;
    after = paging?.next === undefined ? undefined : paging.cursors?.after;
    if (after === undefined)
      return (summary?.total_count ?? found.size) === found.size ? [...found.values()] : null;
  }
}
