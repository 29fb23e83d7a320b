import { open } from "node:fs/promises";
import { isAbsolute } from "node:path";

import { GitSyncError, messageOf } from "../errors.ts";
import { hideCredentials } from "./remote-url.ts";

/**
 * User name beside a token. GitHub wants this very name for tokens of apps and takes any for others; GitLab, Gitea and
 * Forgejo take any that is not empty.
 *
 * @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation
 * @see https://docs.gitlab.com/user/profile/personal_access_tokens/
 */
const DEFAULT_USER = "x-access-token";

/** Bound on a token file; a token has some dozen bytes. */
const MAX_TOKEN_FILE_BYTES = 65_536;

/** How to prove who we are to a server that speaks http(s). */
export interface HttpOptions {
  /** File with an access token on its only line, an absolute path; read anew whenever it is needed. */
  readonly tokenFile: string;
  /** User name beside the token; `x-access-token` unless given. */
  readonly user?: string;
}

/** Who to be at a server, and where the proof is. */
export type HttpCredentials =
  | { readonly type: "token"; readonly user: string; readonly tokenFile: string }
  | { readonly type: "password"; readonly user: string; readonly password: string };

/** A repository reached by http(s). */
export interface HttpRemote {
  /** Its address, without user and password. */
  readonly url: string;
  /** Scheme, host and port: the only place that the credentials are sent to. */
  readonly origin: string;
  readonly credentials?: HttpCredentials;
}

/**
 * Takes an http(s) address and its credentials apart.
 *
 * @param address the address, which may name user and password
 * @param options the token, in place of a password
 * @throws GitSyncError ERR_GITSYNC_URL when a token would be sent in the clear; TypeError on wrong options
 */
export function parseHttpRemote(address: string, options?: HttpOptions): HttpRemote {
  const url = new URL(address);
  const [user, password] = [decodePart(url.username), decodePart(url.password)];
  url.username = "";
  url.password = "";
  const remote = { url: url.href.replace(/\/$/, ""), origin: url.origin };
  if (options !== undefined) {
    checkOptions(url, password, options);
    const name = options.user ?? (user === "" ? DEFAULT_USER : user);
    return { ...remote, credentials: { type: "token", user: name, tokenFile: options.tokenFile } };
  }
  return user === "" && password === ""
    ? remote
    : { ...remote, credentials: { type: "password", user, password } };
}

/**
 * Reads the proof.
 *
 * @throws GitSyncError ERR_GITSYNC_AUTH when the file is unreadable or does not hold one token; never with its contents
 */
export async function readPassword(credentials: HttpCredentials): Promise<string> {
  if (credentials.type === "password") {
    return credentials.password;
  }
  const { tokenFile } = credentials;
  const token = (await readTokenFile(tokenFile)).trim();
  if (!/^[\u0021-\u007E]+$/.test(token)) {
    const found = token === "" ? "none" : "several words or lines, or other characters than ASCII";
    throw new GitSyncError("ERR_GITSYNC_AUTH", `expected one access token in ${tokenFile}, found ${found}`);
  }
  return token;
}

async function readTokenFile(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const bytes = Buffer.alloc(MAX_TOKEN_FILE_BYTES);
    const { bytesRead } = await file.read(bytes);
    return bytes.toString("utf8", 0, bytesRead);
  } catch (cause) {
    const message = `expected an access token in ${path}, and it cannot be read (${messageOf(cause)}): check the path and its permissions`;
    throw new GitSyncError("ERR_GITSYNC_AUTH", message, { cause });
  }
}

/** A line break would end a line of git's credential protocol. */
function decodePart(text: string): string {
  try {
    const decoded = decodeURIComponent(text);
    if (!/\p{Cc}/u.test(decoded)) {
      return decoded;
    }
  } catch (error) {
    if (!(error instanceof URIError)) {
      throw error;
    }
  }
  throw new GitSyncError(
    "ERR_GITSYNC_URL",
    "expected user and password without control characters, and percent signs only before hexadecimal digits",
  );
}

function checkOptions(url: URL, password: string, { tokenFile, user }: HttpOptions): void {
  if (!isAbsolute(tokenFile) || /\p{Cc}/u.test(tokenFile)) {
    throw new TypeError(`expected http.tokenFile to be an absolute path, got ${JSON.stringify(tokenFile)}`);
  }
  if (user !== undefined && !/^[^\p{Cc}:]+$/u.test(user)) {
    throw new TypeError(`expected http.user to be a name without a colon, got ${JSON.stringify(user)}`);
  }
  if (password !== "") {
    throw new TypeError("expected either a password in url or http.tokenFile, got both");
  }
  if (url.protocol !== "https:" && !isLoopback(url.hostname)) {
    throw new GitSyncError(
      "ERR_GITSYNC_URL",
      `expected https:// where an access token is sent, got ${hideCredentials(url.href)}`,
    );
  }
}

function isLoopback(hostname: string): boolean {
  return /^(?:localhost|(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
