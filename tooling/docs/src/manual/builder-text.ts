import type { ManualText } from "./manual-text.ts";

const CONFIG_FILE = "/etc/nix-cache-builder/config.toml";

/** What nix-cache-builder(8) says beside the help of the program. */
export const BUILDER_TEXT: ManualText = {
  purpose: "build every host of a NixOS flake, sign and publish the results",
  description: [
    "`nix-cache-builder run` brings a checkout of the flake's repository to the remote's revision, updates the inputs " +
      "for this run alone, and then, for each host on its own, evaluates it, builds it, signs its closure and " +
      "publishes it as a new generation with a GC root. A host that fails leaves what was published for it before, " +
      "and the other hosts, as they are. Nothing is committed and nothing is pushed.",
    "A service manager starts it, usually once a night. The other commands tell what happened, look after what is " +
      "kept, and find out what is wrong. Those that change something hold a lock, so that two never meet; run as " +
      "root, they go on as the owner of `builder.stateDir`. Those that only read may be run by any user, also during " +
      "a run.",
    "nix-cache-server(8) serves what is published.",
  ],
  exitCodes: {
    ok: "It is done. A run may have been PARTIAL: a host failed, or an older checkout or lock had to do.",
    failed:
      "It could not be done, or something was found to be wrong; of a run: no host succeeded, or it was stopped.",
    usage: "Wrong usage, or a host or generation that does not exist.",
    noSource: "The repository cannot be reached, and there is no earlier checkout.",
    locked: "Another command holds the lock.",
    configuration: "The configuration cannot be used; all that is wrong in it is listed.",
  },
  environment: [
    [
      "CREDENTIALS_DIRECTORY",
      "Set by systemd: secrets that stand there go before the files of the configuration.",
    ],
    ["NO_COLOR", "Text is printed without colors."],
    ["PATH", "Where git, ssh, flock and, without `nix.binDir`, Nix are found."],
  ],
  files: [
    [
      CONFIG_FILE,
      "Configuration of both programs; config.json beside it where there is none in TOML, as on NixOS.",
    ],
    [
      "/var/lib/nix-cache-builder",
      "`builder.stateDir`: checkout, history, and a directory of logs for each run.",
    ],
    [
      "/var/cache/nix-builds",
      "`builder.cacheDir`: a link to each generation, and to the newest of each host.",
    ],
    ["/nix/var/nix/gcroots/nix-cache-builder", "`builder.rootsDir`: the GC roots of what is published."],
  ],
  examples: [
    ["Find out what is missing before the first run:", "sudo nix-cache-builder doctor"],
    [
      "See what a run would do, then do it for one host:",
      "nix-cache-builder run --dry-run",
      "nix-cache-builder run --host nz",
    ],
    ["Find out why a host failed:", "nix-cache-builder status", "nix-cache-builder log nz"],
    [
      "Keep a generation that is known to be good, and see what other limits would come to:",
      "nix-cache-builder pin nz 7",
      "nix-cache-builder prune --what-if keepGenerations=5 maxCacheSize=100",
    ],
  ],
  seeAlso: "nix-cache-server(8), systemd.timer(5), nix.conf(5)",
};
