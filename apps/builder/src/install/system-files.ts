import type { BuilderConfig } from "@nix-cache/config";

import { outsideOfState } from "./builder-units.ts";
import { formatWord } from "./systemd-syntax.ts";

const ACCOUNT = "nix-cache-builder";

/** The group whose members Debian's Nix daemon lets in. */
export const NIX_USERS = "nix-users";

/** Writes the account that the builder works as: sysusers.d(5). The server's comes and goes with its service. */
export function formatSysusers({ stateDir }: BuilderConfig, hasNixUsers: boolean): string {
  const member = `# The Nix daemon of this machine is for members of this group.\nm ${ACCOUNT} ${NIX_USERS}\n`;
  return `u ${ACCOUNT} - "Builder of the Nix binary cache" ${formatWord(stateDir)}\n${hasNixUsers ? member : ""}`;
}

/** Writes the directories that the builder needs: tmpfiles.d(5). A colon leaves one that is there to whom it belongs. */
export function formatTmpfiles(builder: BuilderConfig): string {
  const { cacheDir, rootsDir, stateDir } = builder;
  const own = [stateDir, cacheDir, rootsDir].map(
    (path) => `d ${formatWord(path)} 0755 ${ACCOUNT} ${ACCOUNT} -\n`,
  );
  const outside = outsideOfState(builder).map(
    (path) => `d ${formatWord(path)} :0755 :${ACCOUNT} :${ACCOUNT} -\n`,
  );
  return [...own, ...outside].join("");
}
