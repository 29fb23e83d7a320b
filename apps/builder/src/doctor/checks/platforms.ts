import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { readList, readText } from "../nix-settings.ts";

const report = reportAs("platforms");

/** Failures of hosts that need another kind of machine, as runs record them. */
const WRONG_SYSTEM = /wrong-system|ERR_NIX_SYSTEM/;

/** Says which kinds of machine are built for, and which hosts need another. */
export async function checkPlatforms({
  configFile,
  history,
  settings,
}: DoctorContext): Promise<readonly Finding[]> {
  const known = await settings();
  const others = readList(known, "extra-platforms").filter((platform) => !/-v\d-/.test(platform));
  const platforms = [readText(known, "system"), ...others].join(", ");
  const results = history.type === "read" ? history.results : [];
  const foreign = results.filter(
    (result) => result.state === "failed" && WRONG_SYSTEM.test(result.failureClass ?? ""),
  );
  if (foreign.length === 0) return [report.ok(`this machine builds for ${platforms}`)];
  const hosts = foreign.map(({ host }) => host).join(", ");
  return [
    report.problem(`this machine builds for ${platforms}, and ${hosts} is for another`, {
      remedy: [
        'boot.binfmt.emulatedSystems = [ "aarch64-linux" ];   # on NixOS: emulate it, or',
        `nix.settings.builders = "ssh-ng://BUILDER aarch64-linux"   # in ${configFile}: build it elsewhere`,
      ].join("\n"),
    }),
  ];
}
