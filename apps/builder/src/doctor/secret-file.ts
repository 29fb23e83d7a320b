import { basename } from "node:path";

import { nameOfGroup, nameOfUser } from "./account.ts";
import type { DoctorContext } from "./doctor-context.ts";
import { type FileState, formatMode, isReadable, lookAt } from "./file-state.ts";
import type { Finding, Report } from "./finding.ts";
import { asAdministrator, asBuilder, doctorAsRoot, giveSecret, hideSecret } from "./remedies.ts";

/** A file with a secret that the service reads. */
export interface SecretFile {
  /** What it is, such as `signing key`. */
  readonly what: string;
  /** The key of the configuration that names it. */
  readonly key: string;
  readonly file: string;
}

/** What came of looking at such a file. */
export type SecretState =
  /** The service can read it; whether it should be the only one is in the findings. */
  | { readonly type: "readable"; readonly findings: readonly Finding[] }
  | { readonly type: "missing" }
  | { readonly type: "unreadable"; readonly finding: Finding };

type PresentFile = Extract<FileState, { type: "present" }>;

const OTHERS = 0o007;
const GROUP = 0o070;

/** Looks at a file with a secret: can the service read it, and nobody who should not? */
export async function inspectSecret(
  context: DoctorContext,
  report: Report,
  secret: SecretFile,
): Promise<SecretState> {
  const { file } = secret;
  const seen = await lookAt(file);
  const seenByRoot = context.rootView?.files.get(file);
  if (seen.type === "present" && (await isReadable(file))) {
    return { type: "readable", findings: await judgeMode(context, report, { ...secret, state: seen }) };
  }
  if (isLoaded(context, secret)) return judgeLoaded(context, report, secret);
  const present = seen.type === "present" ? seen : seenByRoot;
  if (present?.type === "present") {
    const isOnTheWay = seen.type !== "present";
    return {
      type: "unreadable",
      finding: await reportUnreadable(context, report, { ...secret, state: present, isOnTheWay }),
    };
  }
  if (seen.type === "missing" || seenByRoot?.type === "missing") return { type: "missing" };
  return { type: "unreadable", finding: report.skipped(...cannotTell(context, secret)) };
}

/** Whether systemd reads the file as root, and hands the secret to the service. */
function isLoaded({ loaded }: DoctorContext, secret: SecretFile): boolean {
  return loaded.get(credentialOf(secret))?.includes(secret.file) === true;
}

/** A credential has the name of its key. */
function credentialOf({ key }: SecretFile): string {
  return key.replace(/^builder\./, "");
}

/** Best is a file that root alone can read. */
async function judgeLoaded(context: DoctorContext, report: Report, secret: SecretFile): Promise<SecretState> {
  const { file, what } = secret;
  const state = context.rootView?.files.get(file);
  if (state?.type === "present") {
    return { type: "readable", findings: await judgeMode(context, report, { ...secret, state }) };
  }
  if (state?.type === "missing") return { type: "missing" };
  const summary = `the ${what} ${file} is for root to read, who hands it to the service`;
  return { type: "unreadable", finding: report.skipped(summary, { remedy: doctorAsRoot(context) }) };
}

interface SeenSecret extends SecretFile {
  readonly state: PresentFile;
}

async function judgeMode(
  context: DoctorContext,
  report: Report,
  secret: SeenSecret,
): Promise<readonly Finding[]> {
  const { file, state, what } = secret;
  const { gid, mode, uid } = state;
  const isOwn = uid === context.account.uid;
  const remedy =
    isOwn || isLoaded(context, secret)
      ? hideSecret(context, file)
      : giveSecret(context, file, context.serviceName);
  const notes = { detail: await describeOwner(state), remedy };
  if ((mode & OTHERS) !== 0)
    return [report.problem(`everyone on this machine can get at the ${what} ${file}`, notes)];
  // A file of root's is shared by its group: that is how this user reads it.
  const isShared = (mode & GROUP) !== 0 && gid !== 0 && isOwn;
  if (!isShared) return [];
  const group = await nameOfGroup(gid);
  return group === context.account.name
    ? []
    : [report.warning(`the group ${group} can get at the ${what} ${file}`, notes)];
}

async function reportUnreadable(
  context: DoctorContext,
  report: Report,
  secret: SeenSecret & { readonly isOnTheWay: boolean },
): Promise<Finding> {
  const { isService, serviceName } = context;
  const { file, isOnTheWay, key, state, what } = secret;
  if (!isService) return report.skipped(...cannotTell(context, secret));
  const summary = `${serviceName}, as whom the service works, cannot read the ${what} ${file}`;
  const detail = await describeOwner(state);
  const [other] = context.loaded.get(credentialOf(secret)) ?? [];
  if (other !== undefined) {
    const remedy = asBuilder(context, "install");
    return report.problem(summary, { detail: `${detail}; its unit still loads ${other}`, remedy });
  }
  if (!isOnTheWay) return report.problem(summary, { detail, remedy: giveSecret(context, file, serviceName) });
  const copy = `/etc/nix-cache-builder/${basename(file)}`;
  return report.problem(summary, {
    detail: `${detail}; a directory on the way to it cannot be entered`,
    remedy: [
      asAdministrator(context, "install", "-D", "-o", serviceName, "-m", "0400", file, copy),
      `${key} = "${copy}"   # in ${context.configFile}`,
    ].join("\n"),
  });
}

async function describeOwner({ gid, mode, uid }: PresentFile): Promise<string> {
  return `mode ${formatMode(mode)}, owner ${await nameOfUser(uid)}, group ${await nameOfGroup(gid)}`;
}

function cannotTell(context: DoctorContext, { file, what }: SecretFile): Parameters<Report["skipped"]> {
  const { account, serviceName } = context;
  const summary = `the ${what} ${file} is hidden from ${account.name}; it is ${serviceName} who needs it`;
  return [summary, { remedy: doctorAsRoot(context) }];
}
