import { type Nix, NixError } from "@nix-cache/nix-exec";

import { hasMembers, nameOfGroup } from "../account.ts";
import { type DoctorContext, type NixSettings, NixUnusableError } from "../doctor-context.ts";
import { lookAt } from "../file-state.ts";
import { type Finding, reportAs } from "../finding.ts";
import { hasUser, readList, readText, usesDaemon } from "../nix-settings.ts";
import { asAdministrator, doctorAsRoot } from "../remedies.ts";

const report = reportAs("nix");

/** Where installers put Nix, and services do not look. */
const USUAL_DIRS = ["/nix/var/nix/profiles/default/bin", "/run/current-system/sw/bin", "/usr/bin"];

/**
 * Settings that a daemon takes from trusted users alone, of those that one would give a builder.
 *
 * @see https://nix.dev/manual/nix/latest/command-ref/conf-file#conf-trusted-users
 */
const RESTRICTED_SETTINGS = new Set(
  `builders build-users-group diff-hook extra-platforms extra-sandbox-paths extra-substituters
  extra-trusted-public-keys post-build-hook pre-build-hook require-sigs sandbox sandbox-paths substituters
  system-features trusted-public-keys`.split(/\s+/),
);

/** Says which Nix there is, whether it can build, and whether this user may have it do so. */
export async function checkNix(context: DoctorContext): Promise<readonly Finding[]> {
  const nix = await openOrReport(context);
  if (!("version" in nix)) return [nix];
  const settings = await context.settings();
  const isDaemon = await usesDaemon(settings, context.config.nix);
  const how = isDaemon ? "through its daemon" : "without a daemon";
  const found = report.ok(
    `${nix.version.text}, ${how}; flakes and nix-command are on for the builder's calls`,
  );
  const findings = isDaemon ? await checkRights(context, settings) : await checkBuildUsers(context, settings);
  const reached = await reachStore(context, nix, settings);
  return [found, ...findings, ...checkJobs(settings), ...reached];
}

async function openOrReport(context: DoctorContext): Promise<Nix | Finding> {
  try {
    return await context.nix();
  } catch (error) {
    if (!(error instanceof NixUnusableError)) throw error;
    const states = await Promise.all(USUAL_DIRS.map((directory) => lookAt(`${directory}/nix-store`)));
    const directory = USUAL_DIRS.find((_directory, index) => states[index]?.type === "present");
    const remedy =
      directory === undefined
        ? "curl --proto '=https' -sSfL https://nixos.org/nix/install | sh -s -- --daemon"
        : `nix.binDir = "${directory}"   # in ${context.configFile}`;
    return report.problem(error.message, { remedy });
  }
}

/** Asks whether a path is valid, which opens the store as a build would. */
async function reachStore(
  context: DoctorContext,
  nix: Nix,
  settings: NixSettings,
): Promise<readonly Finding[]> {
  const { config, signal } = context;
  const { storeDir } = config.nix;
  try {
    await nix.findInvalidPaths({ paths: [`${storeDir}/00000000000000000000000000000000-doctor`], signal });
    return [report.ok(`the store ${storeDir} answers`)];
  } catch (error) {
    if (!(error instanceof NixError)) throw error;
    const isDaemon = await usesDaemon(settings, config.nix);
    if (!isDaemon && !context.isService) {
      const summary = `the store ${storeDir} is not for ${context.account.name}`;
      return [report.skipped(summary, { remedy: doctorAsRoot(context) })];
    }
    const remedy = isDaemon
      ? asAdministrator(context, "systemctl", "restart", "nix-daemon.socket", "nix-daemon.service")
      : `${asAdministrator(context, "systemctl", "enable", "--now", "nix-daemon.socket")}   # without it, the store is its owner's alone`;
    return [report.problem(`the store ${storeDir} does not answer`, { detail: error.message, remedy })];
  }
}

async function checkRights(context: DoctorContext, settings: NixSettings): Promise<readonly Finding[]> {
  const { account, config } = context;
  const user = { name: account.name, groups: await Promise.all(account.gids.map(nameOfGroup)) };
  const trusted = readList(settings, "trusted-users");
  const isTrusted = account.uid === 0 || hasUser(trusted, user);
  const findings: Finding[] = [];
  if (!isTrusted && !hasUser(readList(settings, "allowed-users"), user)) {
    const remedy = `extra-allowed-users = ${account.name}   # in /etc/nix/nix.conf`;
    findings.push(report.problem(`the Nix daemon does not let ${account.name} in`, { remedy }));
  }
  const ignored = Object.keys(config.nix.settings).filter((name) => RESTRICTED_SETTINGS.has(name));
  if (!isTrusted && ignored.length > 0) {
    const detail = `${account.name} is not among trusted-users, who can do on this machine what root can`;
    // Not the lines themselves: a substituter's address may hold a password.
    const remedy = `move ${ignored.join(", ")} from nix.settings in ${context.configFile} to /etc/nix/nix.conf`;
    findings.push(
      report.warning(`the Nix daemon ignores nix.settings: ${ignored.join(", ")}`, { detail, remedy }),
    );
  }
  return findings;
}

/** Nix that builds by itself does so as the members of a group when root runs it. */
async function checkBuildUsers(context: DoctorContext, settings: NixSettings): Promise<readonly Finding[]> {
  const group = readText(settings, "build-users-group");
  if (context.account.uid !== 0 || group === "" || (await hasMembers(group))) return [];
  return [
    report.problem(`Nix builds as members of the group ${group}, and there are none`, {
      remedy: `nix.settings.build-users-group = ""   # in ${context.configFile}, or run the builder as another user`,
    }),
  ];
}

function checkJobs(settings: NixSettings): readonly Finding[] {
  if (readText(settings, "max-jobs") !== "0" || readText(settings, "builders") !== "") return [];
  const remedy = 'nix.settings.max-jobs = "auto"   # in the configuration, or name remote builders';
  return [report.problem("Nix builds nothing: max-jobs is 0, and there are no remote builders", { remedy })];
}
