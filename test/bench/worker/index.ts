/**
 * The bench Worker: modules of the product, controlled by HTTP.
 * @module
 */
import { Ops } from "./ops.ts";

interface BenchEnv {
  SHARD_0: D1Database;
  LAKE: R2Bucket;
}

let ops: Ops | undefined;

const handler: ExportedHandler<BenchEnv> = {
  async fetch(request, env) {
    ops ??= new Ops(env.SHARD_0, env.LAKE);
    const op = new URL(request.url).pathname.slice(1) as keyof Ops;
    try {
      const run = ops[op].bind(ops) as (args: unknown) => Promise<unknown>;
      return Response.json(await run(await request.json()));
    } catch (error) {
      return new Response(error instanceof Error ? error.stack : String(error), { status: 500 });
    }
  },
};
export default handler;
