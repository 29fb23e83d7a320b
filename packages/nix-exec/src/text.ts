import { stripVTControlCharacters } from "node:util";

/** Everything below space but tab and line feed, DEL, and the C1 block. */
// oxlint-disable-next-line no-control-regex -- control characters are what this finds
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** User and password of a URL; git prints the URL that it failed to fetch. */
const URL_CREDENTIALS = /(https?:\/\/)[^\s/@'"]+@/g;

/**
 * Makes text of a process fit for a log: no terminal sequences, no control characters but tab and line feed.
 * Nix 2.8 leaks binary into build logs when the sandbox cannot be set up.
 */
export function cleanText(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROL_CHARACTERS, "");
}

/** Replaces the user and password of every http(s) URL by `***`. */
export function hideCredentials(text: string): string {
  return text.replace(URL_CREDENTIALS, "$1***@");
}

/** Replaces every one of some secrets by `***`. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, "***"), text);
}
