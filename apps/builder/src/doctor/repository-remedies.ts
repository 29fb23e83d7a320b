import { type GitSyncErrorCode, hideCredentials } from "@nix-cache/gitsync";

import type { DoctorContext } from "./doctor-context.ts";
import { asService } from "./remedies.ts";
import { hostKeyNameOf, isSshAddress } from "./repository-address.ts";

/** What to do about a repository that cannot be synced. */
export function remedyForRemote(context: DoctorContext, code: GitSyncErrorCode): string {
  const { flakeBranch, flakeRepo, sshKeyFile, sshKnownHostsFile } = context.config.builder;
  const { configFile } = context;
  const isSsh = isSshAddress(flakeRepo);
  switch (code) {
    case "ERR_GITSYNC_AUTH":
      return isSsh
        ? remedyForKey(context)
        : `builder.repoTokenFile = "/etc/nix-cache-builder/token"   # in ${configFile}: a token that may read it`;
    case "ERR_GITSYNC_KEY":
      return asService(context, "ssh-keygen", "-t", "ed25519", "-N", "", "-f", sshKeyFile);
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

function remedyForKey(context: DoctorContext): string {
  const { sshKeyFile } = context.config.builder;
  return [
    `make the key, if it is missing: ${asService(context, "ssh-keygen", "-t", "ed25519", "-N", "", "-f", sshKeyFile)}`,
    `add what this prints to the forge, as a read-only deploy key: ${asService(context, "ssh-keygen", "-y", "-f", sshKeyFile)}`,
  ].join("\n");
}
