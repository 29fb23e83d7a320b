import type { ConfigError } from "@nix-cache/config";

import { isErrno } from "./errno.ts";
import { quoteShell } from "./text/quote-shell.ts";

/** What to do about a configuration that cannot be used, where its problems do not say so themselves. */
export function remedyForConfig(file: string, { cause }: ConfigError): string {
  if (isErrno(cause, "ENOENT")) {
    return "sudo nix-cache-builder install   # writes one to be filled in; --config FILE names another";
  }
  if (isErrno(cause, "EACCES")) {
    return `sudo chmod a+r ${quoteShell(file)}   # and a+x for each directory above it; or run this as root`;
  }
  return `correct ${file}, and try again`;
}

/** Says in one message what is wrong, and what to do about a file that is not there for this user. */
export function describeConfigError(file: string, error: ConfigError): string {
  if (error.code !== "ERR_CONFIG_UNREADABLE") return error.message;
  return `${error.message}\n  -> ${remedyForConfig(file, error)}`;
}
