import { type GitSyncErrorCode, hideCredentials } from "@nix-cache/gitsync";

import type { DoctorContext } from "./doctor-context.ts";
import { asAdministrator, asService } from "./remedies.ts";
import { hostKeyNameOf, isSshAddress } from "./repository-address.ts";

/** What is asked about the machine whose repository cannot be synced. */
type RemoteContext = Pick<DoctorContext, "config" | "configFile" | "loaded" | "rootView" | "serviceName">;

/** What to do about a repository that cannot be synced. */
export function remedyForRemote(context: RemoteContext, code: GitSyncErrorCode): string {
  const { flakeBranch, flakeRepo, sshKnownHostsFile } = context.config.builder;
  const { configFile } = context;
  const isSsh = isSshAddress(flakeRepo);
  switch (code) {
    case "ERR_GITSYNC_AUTH":
      return isSsh
        ? remedyForKey(context)
        : `builder.repoTokenFile = "/etc/nix-cache-builder/token"   # in ${configFile}: a token that may read it`;
    case "ERR_GITSYNC_KEY":
      return withKey(context, "-t", "ed25519", "-N", "");
    case "ERR_GITSYNC_HOST_KEY":
      return [
        `ask the owner of ${hostKeyNameOf(flakeRepo)} whether its key has changed; if so:`,
        asService(context, "ssh-keygen", "-R", hostKeyNameOf(flakeRepo) ?? "", "-f", sshKnownHostsFile),
      ].join("\n");
    case "ERR_GITSYNC_BRANCH":
      return `builder.flakeBranch = "…"   # in ${configFile}, in place of "${flakeBranch}"`;
    case "ERR_GITSYNC_URL":
      return `builder.flakeRepo = "…"   # in ${configFile}`;
    case "ERR_GITSYNC_COMMAND":
      return `install ${isSsh ? "OpenSSH's client" : "git"}, and put it on the PATH of the service`;
    default:
      return asService(context, "git", "ls-remote", hideCredentials(flakeRepo), flakeBranch);
  }
}

function remedyForKey(context: RemoteContext): string {
  return [
    `make the key, if it is missing: ${withKey(context, "-t", "ed25519", "-N", "")}`,
    `add what this prints to the forge, as a read-only deploy key: ${withKey(context, "-y")}`,
  ].join("\n");
}

/** A key that systemd hands over is root's, often in a directory that the service's user cannot enter. */
function withKey(context: RemoteContext, ...words: readonly string[]): string {
  const { sshKeyFile } = context.config.builder;
  const isHandedOver = context.loaded.get("sshKeyFile")?.includes(sshKeyFile) === true;
  const as = isHandedOver ? asAdministrator : asService;
  return as(context, "ssh-keygen", ...words, "-f", sshKeyFile);
}
