/**
 * Lists of an account's objects ("Paginated Results"). `next` contains the access token, so pages are requested by cursor.
 * The total reveals repeated or skipped pages.
 * @module
 */
import { z } from "zod";
import { SourceError } from "../../vendor/driver";
import { parseShape } from "../parse-answer";
import { readConsistent } from "../read-consistent";
import { type Asker, askOne } from "./batch";
import { LARGEST_PAGE, smallerPage } from "./page-size";

/** Attempts for an inconsistent list. */
const ATTEMPTS = 5;

const pageSchema = z.object({
  data: z.array(z.looseObject({ id: z.string() })),
  paging: z
    .object({ cursors: z.object({ after: z.string() }).optional(), next: z.string().optional() })
    .optional(),
  summary: z.object({ total_count: z.number().int() }).optional(),
});
/** An object of a list. */
export type Listed = z.infer<typeof pageSchema>["data"][number];

/** All objects of an edge such as `act_1/campaigns`. @throws SourceError `unavailable` when its pages never match the total. */
export async function listEdge(
  asker: Asker,
  edge: string,
  parameters: Record<string, string>,
): Promise<Listed[]> {
  let limit = LARGEST_PAGE;
  const failure = `${edge}: the pages are inconsistent`;
  return readConsistent({ attempts: ATTEMPTS, failure }, async () => {
    for (;;) {
      try {
        return await listOnce(asker, edge, { ...parameters, limit: String(limit) });
      } catch (error) {
        if (!(error instanceof SourceError && error.code === "too_much")) throw error;
        limit = smallerPage(limit, error);
      }
    }
  });
}

/** One pass over the pages; null when they are inconsistent. */
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
