import * as z from "zod";

import type { BuilderConfig } from "./config.ts";
import type { Partly, Section } from "./section.ts";
import * as value from "./values.ts";

type BuilderSection = Partly<Omit<BuilderConfig, "fallbackRootsDir">, "rootsDir" | "sshKnownHostsFile">;

/** What the nightly run builds, and where it keeps what it made. */
export const builderSection: Section<BuilderSection> = z.strictObject(
  {
    flakeRepo: value.repository().describe("repository of the flake"),
    hosts: value
      .hosts()
      .describe('hosts to build; `["*"]` stands for every nixosConfiguration that this machine can build'),
    flakePath: value
      .plainPath()
      .default("/var/lib/nix-cache-builder/flake")
      .describe("the checkout, always exactly the synced revision"),
    flakeBranch: value.branch().default("main").describe("branch to follow"),
    updateFlake: value
      .flag()
      .default(true)
      .describe("update the flake's inputs before each run; never committed, never pushed"),
    cacheDir: value
      .absolutePath()
      .default("/var/cache/nix-builds")
      .describe("directory of the links `<host>-result` and `<host>-result-<generation>`"),
    stateDir: value
      .plainPath()
      .default("/var/lib/nix-cache-builder")
      .describe("lock, history, logs of each run, Nix's own caches"),
    rootsDir: value.absolutePath().exactOptional().meta({
      description:
        "the GC roots of what is published; while it cannot be written, new ones go to `<builder.stateDir>/gcroots`",
      whenAbsent: "`<nix.stateDir>/gcroots/nix-cache-builder`",
    }),
    maxCacheSize: value
      .wholeNumber()
      .default(200)
      .describe("GB (10^9 bytes) of NAR bytes over unique store paths; 0 = unlimited"),
    keepGenerations: value
      .wholeNumber()
      .default(3)
      .describe("generations of each host to keep; 0 = unlimited"),
    minFreeSpace: value
      .wholeNumber()
      .default(0)
      .describe(
        "GB to keep free on the disk of the store: old generations go as for `maxCacheSize`; 0 = no such limit",
      ),
    graceHours: value
      .wholeNumber()
      .default(24)
      .describe("no generation goes within so many hours of its publication"),
    removedHostDays: value
      .wholeNumber()
      .default(7)
      .describe("days for which the newest generation of a host stays after the host left the configuration"),
    collect: z
      .enum(["targeted", "full", "none"], value.expected('"targeted", "full" or "none"'))
      .default("targeted")
      .describe(
        "how the store paths of dropped generations are deleted: `targeted` deletes what they alone kept alive, " +
          "`full` all garbage of the store, `none` leaves it to the machine's own `nix-collect-garbage`",
      ),
    collectGraceMinutes: value
      .wholeNumber()
      .default(60)
      .describe("minutes from dropping a generation to deleting its paths, so that downloads can end"),
    keepRuns: value
      .wholeNumber()
      .default(365)
      .describe("days for which runs, their logs and locks are kept; 0 = for ever"),
    signingKeyFile: value
      .absolutePath()
      .default("/run/secrets/nix-cache-priv-key")
      .describe("secret key in Nix's format, to sign with"),
    sshKeyFile: value
      .absolutePath()
      .default("/root/.ssh/id_ed25519")
      .describe(
        "private key for a repository over SSH, and for inputs over SSH; best a read-only deploy key without " +
          "passphrase; used only if present",
      ),
    sshKnownHostsFile: value
      .absolutePath()
      .exactOptional()
      .meta({
        description:
          "host keys of SSH servers: a server that is not in it yet is added at the first sync, one whose key has " +
          "changed is refused. The keys that large forges publish are known beforehand",
        whenAbsent: "`<builder.stateDir>/known_hosts`",
      }),
    sshConfigFile: value
      .absolutePath()
      .exactOptional()
      .meta({
        description:
          "ssh_config(5), read in place of the user's and the system's: aliases, jump hosts, a key for each host. " +
          "With it, inputs get the keys that it names, and not `sshKeyFile`",
        whenAbsent: "none",
      }),
    repoTokenFile: value.absolutePath().exactOptional().meta({
      description: "file with an access token that may read an `https://` repository",
      whenAbsent: "none",
    }),
    gitEngine: z
      .enum(["isomorphic", "git"], value.expected('"isomorphic" or "git"'))
      .default("isomorphic")
      .describe(
        "`git`: sync by the system's git, for repositories of gigabytes, and for HTTP proxies, of which the other knows nothing",
      ),
    submodules: value
      .flag()
      .default(false)
      .describe(
        "fetch the repository's submodules, as files of the flake; it is then evaluated as a copy, so that " +
          "`self.rev` is missing",
      ),
    lfs: value
      .flag()
      .default(false)
      .describe(
        "fetch the contents of files that the repository keeps in Git LFS, which are pointers otherwise; needs " +
          '`gitEngine = "git"` and the system\'s git-lfs; evaluated as a copy, as with `submodules`',
      ),
    accessTokensFile: value
      .absolutePath()
      .exactOptional()
      .meta({
        description:
          "file with access tokens for the forges of the flake's inputs: `github.com=TOKEN` lines, or " +
          "`access-tokens = …` as in nix.conf",
        whenAbsent: "none",
      }),
    evalMemory: value
      .wholeNumber()
      .default(0)
      .describe(
        "GB of memory that the evaluation of one host may take: a host that wants more fails, and the others go on; " +
          "0 = no such limit",
      ),
    buildSchedule: value
      .text("daily, weekly or a calendar expression")
      .default("daily")
      .describe(
        "when to run, for the service manager; a calendar expression is used alone, without `buildTime`",
      ),
    buildTime: value
      .text("a time such as 02:00")
      .default("02:00")
      .describe("the time of day; with `weekly` the day too, `Sun 02:00`, and Monday when none is given"),
  },
  value.expected("a table"),
);
