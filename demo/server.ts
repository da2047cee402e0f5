/**
 * The whole product in one process: the built Worker under miniflare, with its state in a folder.
 * `wrangler dev` would add a proxy that costs about 0.7 ms of processor time per request and hides the Worker's own.
 * @module
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions as workerOptions } from "wrangler";
import { newSourceKey } from "./cli/source-keys.ts";
import { ROOT } from "./fresh-build.ts";
import { type LocalMail, MailLog } from "./mail-log.ts";

const BUILT = path.join(ROOT, "dist/server/wrangler.json");
const DATABASES = { control: "CONTROL", shard: "SHARD_0" } as const;
const MINUTE_MS = 60_000;

export interface ServerOptions {
  /** 0 selects a free port. */
  port: number;
  /** Folder for the databases, the bucket and the secrets. */
  state: string;
  /** Variables over those of wrangler.toml. */
  vars?: Record<string, string>;
  /** Called for each e-mail; without it they are printed. */
  onMail?: (mail: LocalMail) => void;
}

export interface Server {
  url: string;
  miniflare: Miniflare;
  /** Runs the minute cron at once. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the built Worker and applies migrations that are missing. The minute cron runs every minute. */
export async function startServer({ port, state, vars = {}, onMail }: ServerOptions): Promise<Server> {
  if (!existsSync(BUILT)) throw new Error("The Worker is not built: run `npm run build` first.");
  const { workerOptions: worker, main } = workerOptions(BUILT);
  const origin = port ? { APP_ORIGIN: `http://127.0.0.1:${port}` } : {};
  const options = convertV4MiniflareOptions({
    host: "127.0.0.1",
    port,
    cf: false,
    log: new MailLog(onMail),
    resourcePersistencePath: path.resolve(state),
    unsafeTriggerHandlers: true,
    telemetry: { enabled: false },
    workers: [
      {
        ...worker,
        name: "selvedge",
        modules: modulesOf(path.resolve(path.dirname(BUILT), main ?? "index.js")),
        modulesRoot: path.dirname(BUILT),
        bindings: Object.assign({}, worker.bindings, secrets(state), origin, vars),
      },
    ],
  });
  const miniflare = new Miniflare(options);
  const url = (await miniflare.ready).origin;
  await migrate(miniflare);
  const tick = async () => {
    await fetch(`${url}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`);
  };
  const clock = setInterval(() => void tick().catch(() => {}), MINUTE_MS);
  return {
    url,
    miniflare,
    tick,
    async close() {
      clearInterval(clock);
      await miniflare.dispose();
    },
  };
}

/** The built modules, the entry first. */
function modulesOf(entry: string): { type: "ESModule"; path: string }[] {
  const folder = path.dirname(entry);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.m?js$/.test(name))
    .map((name) => path.join(folder, name));
  return [entry, ...files.filter((file) => file !== entry)].map((file) => ({ type: "ESModule", path: file }));
}

/** Secrets of this state folder; missing ones are generated. */
function secrets(state: string): Record<string, string> {
  const file = path.join(state, "secrets.json");
  const stored: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const all = {
    AUTH_SECRET: randomBytes(32).toString("base64url"),
    SOURCE_KEYS: newSourceKey(),
    OPERATOR_TOKEN: randomBytes(32).toString("base64url"),
    ...stored,
  };
  mkdirSync(state, { recursive: true });
  writeFileSync(file, JSON.stringify(all), { mode: 0o600 });
  return all;
}

/** Applies migrations in order, recorded as `wrangler d1 migrations apply` records them. */
export async function migrate(miniflare: Miniflare): Promise<void> {
  for (const [folder, binding] of Object.entries(DATABASES)) {
    const db = await miniflare.getD1Database(binding);
    await db
      .prepare(
        `CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
           applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`,
      )
      .run();
    const { results } = await db.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
    const applied = new Set(results.map(({ name }) => name));
    const migrations = path.join(ROOT, "schema/migrations", folder);
    for (const name of readdirSync(migrations)
      .filter((n) => n.endsWith(".sql") && !applied.has(n))
      .sort()) {
      const sql = readFileSync(path.join(migrations, name), "utf8");
      const statements = sql.split("--> statement-breakpoint").filter((statement) => statement.trim());
      await db.batch([
        ...statements.map((statement) => db.prepare(statement)),
        db.prepare("INSERT INTO d1_migrations (name) VALUES (?1)").bind(name),
      ]);
    }
  }
}
