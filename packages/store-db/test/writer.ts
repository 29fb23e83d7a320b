import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";

/** Another process that has a database open for writing, as Nix does. */
export interface Writer extends AsyncDisposable {
  /** Runs SQL in that process and waits for its end. */
  readonly execute: (sql: string) => Promise<void>;
  /** Closes the database in good order. */
  readonly close: () => Promise<void>;
  /** Ends the process as a power cut would. */
  readonly crash: () => Promise<void>;
}

/** Starts a process that opens the database at `file` for writing. */
export async function startWriter(file: string): Promise<Writer> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), file], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, "exit");

  async function execute(sql: string): Promise<void> {
    child.stdin.write(`${JSON.stringify(sql)}\n`);
    const answer = await answers.next();
    if (answer.value !== "done") throw new Error(`expected the writer to run ${sql}`);
  }
  async function close(): Promise<void> {
    child.stdin.end();
    await exited;
  }
  async function crash(): Promise<void> {
    child.kill("SIGKILL");
    await exited;
  }

  await execute("select count(*) from ValidPaths");
  return { execute, close, crash, [Symbol.asyncDispose]: crash };
}

/** The SQL by which Nix registers a path, for a path of 120 NAR bytes without references. */
export function registerPath(path: string): string {
  const hash = `sha256:${"0".repeat(64)}`;
  return `insert into ValidPaths(path, hash, registrationTime, narSize) values ('${path}', '${hash}', 1, 120)`;
}

async function serveWrites(file: string): Promise<void> {
  const database = new DatabaseSync(file);
  for await (const line of createInterface({ input: process.stdin })) {
    const sql: unknown = JSON.parse(line);
    database.exec(String(sql));
    process.stdout.write("done\n");
  }
  database.close();
}

if (import.meta.main) await serveWrites(String(process.argv[2]));
