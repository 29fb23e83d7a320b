import type { ManualText } from "./manual-text.ts";

/** What nix-cache-server(8) says beside the help of the program. */
export const SERVER_TEXT: ManualText = {
  purpose: "serve a Nix store as a binary cache to the LAN",
  description: [
    "It answers `GET` and `HEAD` for `/nix-cache-info`, `/HASH.narinfo`, `/nar/HASH-NARHASH.nar` and a page at `/` that " +
      "shows what clients need. It reads the store's database and files, starts no nix process, and needs neither root " +
      "nor write access to the store.",
    "Where the configuration has a `[builder]` section, what nix-cache-builder(8) published is served, and nothing else " +
      "of the store; without one, every valid path. Clients outside `cacheServer.allow` get status 403.",
    "It listens on `cacheServer.host` and `cacheServer.port`, or on the socket that systemd hands over. On SIGTERM or " +
      "SIGINT it takes no new connections and lets running downloads end for up to 30 seconds. The log is one JSON " +
      "event a line on standard output, on a terminal lines for people.",
  ],
  exitCodes: {
    ok: "It was told to stop, and did.",
    failed: "It cannot start; the message says why and what to do.",
    usage: "Wrong usage.",
    configuration: "The configuration cannot be used; all that is wrong in it is listed.",
  },
  environment: [
    [
      "CREDENTIALS_DIRECTORY",
      "Set by systemd: signing keys that stand there go before the files of the configuration.",
    ],
    ["LISTEN_FDS, LISTEN_PID", "Set by systemd for a socket that it hands over."],
  ],
  files: [
    [
      "/etc/nix-cache-builder/config.toml",
      "Configuration of both programs; config.json beside it where there is none in TOML, as on NixOS. With a " +
        "`[cacheServer]` section alone, or an empty file, it stands in for nix-serve.",
    ],
    ["/nix/var/nix/db/db.sqlite", "The store's database, below `nix.stateDir`."],
  ],
  examples: [["See whether it answers:", "curl http://localhost:5000/nix-cache-info"]],
  seeAlso: "nix-cache-builder(8), systemd.socket(5), nix.conf(5)",
};
