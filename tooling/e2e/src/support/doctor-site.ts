import { chmod, rename, rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";

import { type SshServer, startSshServer } from "@nix-cache/tooling-parts";
import { afterAll, beforeAll, beforeEach, onTestFinished } from "vitest";

import { type RunningServer, startServer } from "./server.ts";
import { HOSTS } from "./site-for-test.ts";
import { createSite, type Site, type SiteChanges } from "./site.ts";

/** What `doctor --json` prints of one thing. */
interface Finding {
  readonly check: string;
  readonly status: "ok" | "warning" | "problem" | "skipped";
  readonly summary: string;
  readonly detail?: string;
  readonly remedy?: string;
}

/** What the doctor found. */
interface Examination {
  readonly exitCode: number | undefined;
  readonly findings: readonly Finding[];
  /** What it found of a check that is neither ok nor skipped. */
  readonly faults: (check: string) => readonly Finding[];
  /** All that it printed. */
  readonly output: string;
}

/** A builder machine with nothing wrong: behind a real sshd, published, served. */
export interface DoctorSite extends AsyncDisposable {
  readonly site: Site;
  readonly ssh: SshServer;
  /** Configures the machine as it was, but for these lines. */
  readonly configure: (changes?: SiteChanges) => Promise<void>;
  readonly examine: () => Promise<Examination>;
}

/** One such machine for all tests of a file, each of which finds it healthy. */
export function useDoctorSite(): () => DoctorSite {
  let made: DoctorSite | undefined;
  const get = (): DoctorSite => {
    if (made === undefined) throw new Error("expected a test that runs, got one that is collected");
    return made;
  };
  beforeAll(async () => {
    made = await createDoctorSite();
  });
  afterAll(async () => made?.[Symbol.asyncDispose]());
  beforeEach(async () => get().configure());
  return get;
}

/** Puts a file, a link or a directory away until the test ends. */
export async function takeAway(path: string, away = `${path}.away`): Promise<void> {
  await rename(path, away);
  onTestFinished(async () => {
    await rm(path, { recursive: true, force: true });
    await rename(away, path);
  });
}

/** Serves something on a port of loopback until the test ends; the port. */
export async function serveOnLoopback(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function createDoctorSite(): Promise<DoctorSite> {
  await using made = new AsyncDisposableStack();
  const ssh = made.use(await startSshServer());
  const site = made.use(await createSite(HOSTS, ssh.binDir === undefined ? {} : { programs: ssh.binDir }));
  // The server is another user than the repository's owner when this is run by root.
  await chmod(site.directory, 0o755);
  const healthy = {
    flakeRepo: ssh.url(site.fleet.directory),
    builder: [`sshKeyFile = "${ssh.keyFile}"`, `sshKnownHostsFile = "${ssh.knownHostsFile}"`],
    cacheServer: ['allow = ["0.0.0.0/0", "::/0"]'],
  };
  await site.configure(healthy);
  await site.run();
  const server: RunningServer = made.use(await startServer(site.configFile));
  const listen = { host: "127.0.0.1", port: Number(new URL(server.url).port) };
  const configure = ({ builder = [], ...changes }: SiteChanges = {}): Promise<void> =>
    site.configure({
      ...healthy,
      listen,
      ...changes,
      builder: [...withoutKeys(healthy.builder, builder), ...builder],
    });
  const owned = made.move();
  return {
    site,
    ssh,
    configure,
    examine: () => examine(site),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Has the doctor look at a machine. */
async function examine(site: Site): Promise<Examination> {
  const { exitCode, stderr, stdout } = await site.builder("doctor", "--json");
  const { findings }: { findings: readonly Finding[] } = JSON.parse(stdout);
  return {
    exitCode,
    findings,
    faults: (check) =>
      findings.filter((finding) => finding.check === check && /problem|warning/.test(finding.status)),
    output: stdout + stderr,
  };
}

/** A key that stands twice in a table is an error of TOML. */
function withoutKeys(lines: readonly string[], others: readonly string[]): readonly string[] {
  const keys = new Set(others.map(keyOf));
  return lines.filter((line) => !keys.has(keyOf(line)));
}

function keyOf(line: string): string {
  return line.split(" ")[0] ?? "";
}
