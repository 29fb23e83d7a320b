import { CommandError } from "../../command-error.ts";
import { openBuilderNix } from "../../open-nix.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { inspectSecret, type SecretFile } from "../secret-file.ts";
import { hasUnusableTokens } from "../unusable-tokens.ts";

const report = reportAs("tokens");

/** Says whether the files with access tokens can be read by the service, and by nobody else. */
export async function checkTokens(context: DoctorContext): Promise<readonly Finding[]> {
  const { accessTokensFile, repoTokenFile } = context.config.builder;
  const files: readonly SecretFile[] = [
    ...(repoTokenFile === undefined
      ? []
      : [{ what: "access token", key: "builder.repoTokenFile", file: repoTokenFile }]),
    ...(accessTokensFile === undefined
      ? []
      : [{ what: "list of tokens", key: "builder.accessTokensFile", file: accessTokensFile }]),
  ];
  if (files.length === 0) return [report.skipped("no access tokens are configured")];
  const findings = await Promise.all(files.map((file) => checkFile(context, file)));
  return findings.flat();
}

async function checkFile(context: DoctorContext, secret: SecretFile): Promise<readonly Finding[]> {
  const { file, key, what } = secret;
  const state = await inspectSecret(context, report, secret);
  switch (state.type) {
    case "missing":
      return [
        report.problem(`there is no ${what} ${file}`, {
          remedy: `put it there, or take ${key} out of ${context.configFile}`,
        }),
      ];
    case "unreadable":
      return [state.finding];
    default:
      return [...state.findings, ...(await checkContent(context, secret))];
  }
}

/** What the repository's token is worth, the repository says. */
async function checkContent(
  context: DoctorContext,
  { file, key, what }: SecretFile,
): Promise<readonly Finding[]> {
  if (key !== "builder.accessTokensFile") return [report.ok(`the ${what} ${file} can be read`)];
  try {
    await openBuilderNix(context.serviceConfig, context.signal, context.nixPlaces);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (hasUnusableTokens(error)) {
      const remedy = `write lines such as github.com=TOKEN into ${file}`;
      return [report.problem(`the ${what} cannot be used`, { detail: error.message, remedy })];
    }
  }
  return [report.ok(`the ${what} ${file} can be read`)];
}
