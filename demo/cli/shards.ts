/**
 * `npm run shards`: size and load of the databases with the data of projects.
 * @module
 */
import { parseArgs } from "node:util";
import type { Shard } from "../../schema/wire/shard.ts";
import { stateFolder } from "../demo-file.ts";
import { command } from "./command.ts";
import { count } from "./progress.ts";
import { localToken } from "./rates.ts";
import { UsageError } from "./target.ts";

const HELP = `npm run shards -- [--url U] [--token T]

  --url     the deployment, default the local one
  --token   its secret OPERATOR_TOKEN, default that of the state folder

New projects are created in the smallest one. Another one is another [[d1_databases]] with the binding SHARD_1, SHARD_2, …
in wrangler.toml, and "npm run deploy".`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: "string", default: `http://127.0.0.1:${process.env.PORT ?? 8787}` },
      token: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return console.log(HELP);
  const response = await fetch(`${values.url}/api/v1/shards`, {
    headers: { authorization: `Bearer ${values.token ?? localToken(stateFolder())}` },
  });
  if (!response.ok)
    throw new UsageError(`${values.url} refused (${response.status}): ${await response.text()}`);
  const { data } = (await response.json()) as { data: Shard[] };
  for (const { shard, bytes, projects, events_last_hour } of data)
    console.log(
      `SHARD_${shard}  ${(bytes / 1e6).toFixed(1)} MB of 10 GB, ${count(projects)} projects, ${count(events_last_hour)} events in the last hour`,
    );
}

await command(import.meta.url, main);
