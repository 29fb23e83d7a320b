import { basename } from "node:path";

import { isDefaultConfig } from "../default-config.ts";
import { quoteShell } from "../text/quote-shell.ts";
import type { DoctorContext } from "./doctor-context.ts";

/** What a remedy has to know of who will follow it. */
type Reader = Pick<DoctorContext, "rootView">;

/** Secret managers that make their files anew, so that a mode set by hand does not last. */
const MANAGED_SECRETS = [
  { directory: "/run/secrets/", option: "sops.secrets" },
  { directory: "/run/agenix/", option: "age.secrets" },
] as const;

/** A command that root has to run. */
export function asAdministrator({ rootView }: Reader, ...words: readonly string[]): string {
  const command = words.map(quoteShell).join(" ");
  return rootView === undefined ? `sudo ${command}` : command;
}

/** A command that the service's user has to run, so that it meets what the service meets. */
export function asService(
  context: Reader & Pick<DoctorContext, "serviceName">,
  ...words: readonly string[]
): string {
  const { serviceName } = context;
  if (serviceName === "root") return asAdministrator(context, ...words);
  return ["sudo", "-u", serviceName, ...words].map(quoteShell).join(" ");
}

/** A command of this program, run by root: it goes on as the right user by itself. */
export function asBuilder(
  context: Reader & Pick<DoctorContext, "configFile">,
  ...words: readonly string[]
): string {
  return asAdministrator(context, "nix-cache-builder", ...words, ...configArguments(context));
}

/** The command that sees what is hidden from an ordinary user. */
export function doctorAsRoot(context: Pick<DoctorContext, "configFile">): string {
  return ["sudo", "nix-cache-builder", "doctor", ...configArguments(context)].map(quoteShell).join(" ");
}

function configArguments({ configFile }: Pick<DoctorContext, "configFile">): readonly string[] {
  return isDefaultConfig(configFile) ? [] : ["--config", configFile];
}

/** Makes a file with a secret readable for a user, and for nobody else. */
export function giveSecret(context: Reader, file: string, user: string): string {
  return (
    optionOfSecret(file, `owner = "${user}"; mode = "0400";`) ??
    `${asAdministrator(context, "chown", user, file)}\n${hideSecret(context, file)}`
  );
}

/** Makes a file with a secret readable for its owner alone. */
export function hideSecret(context: Reader, file: string): string {
  return optionOfSecret(file, 'mode = "0400";') ?? asAdministrator(context, "chmod", "0400", file);
}

/** The line of a NixOS configuration that a secret comes from; undefined for a file that stays as it is made. */
function optionOfSecret(file: string, attributes: string): string | undefined {
  const manager = MANAGED_SECRETS.find(({ directory }) => file.startsWith(directory));
  return (
    manager && `${manager.option}."${basename(file)}" = { ${attributes} };   # in the NixOS configuration`
  );
}
