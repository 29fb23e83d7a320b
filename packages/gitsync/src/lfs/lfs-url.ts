import { pathToFileURL } from "node:url";

import { GitSyncError } from "../errors.ts";
import { parseGitConfig } from "../repository/parse-git-config.ts";
import { resolveSubmoduleUrl } from "../submodules/submodule-url.ts";
import { hideCredentials, parseRemoteUrl } from "../transport/remote-url.ts";
import type { ReadableTree } from "./read-pointers.ts";

/** The file by which a repository says where its Git LFS is. */
const CONFIG_FILE = ".lfsconfig";

/** A file of this size says more than an address. */
const MAX_CONFIG_BYTES = 2 ** 20;

/**
 * Finds where the contents of a repository's Git LFS are, if not where git-lfs looks for them by itself. Of what the
 * repository's `.lfsconfig` says, only the address counts.
 *
 * @param remote address of the repository
 * @param tree the commit that is wanted
 * @throws GitSyncError ERR_GITSYNC_URL when it leads from a remote repository to a path of this machine, from https to
 *   http, or to ssh from elsewhere; ERR_GITSYNC_TREE when git would not read the file
 * @see https://github.com/git-lfs/git-lfs/blob/main/docs/man/git-lfs-config.adoc
 */
export async function findLfsUrl(remote: string, tree: ReadableTree): Promise<string | undefined> {
  const from = parseRemoteUrl(remote);
  const named = await readNamedUrl(tree);
  if (named === undefined) {
    // git-lfs would take some characters of a path for those of an address.
    return from.type === "local" ? pathToFileURL(from.path).href : undefined;
  }
  const url = hideCredentials(resolveSubmoduleUrl(remote, named));
  const to = parseRemoteUrl(url);
  const isDowngrade =
    from.type === "http" &&
    from.url.startsWith("https:") &&
    to.type === "http" &&
    !to.url.startsWith("https:");
  if (isDowngrade || (to.type === "ssh" && from.type !== "ssh")) {
    throw new GitSyncError(
      "ERR_GITSYNC_URL",
      `expected ${CONFIG_FILE} to name a server that is reached as safely as the repository, got ${JSON.stringify(url)}`,
    );
  }
  return to.type === "local" ? pathToFileURL(to.path).href : url;
}

async function readNamedUrl({ listing, reader }: ReadableTree): Promise<string | undefined> {
  const entry = listing.byPath.get(CONFIG_FILE);
  if (entry?.type !== "file" && entry?.type !== "executable") {
    return undefined;
  }
  for await (const bytes of reader.readBlobs([entry.oid])) {
    if (bytes.length > MAX_CONFIG_BYTES) {
      throw new GitSyncError(
        "ERR_GITSYNC_TREE",
        `expected an address in ${CONFIG_FILE}, got ${bytes.length} bytes`,
      );
    }
    const variables = parseGitConfig(Buffer.from(bytes).toString("latin1"));
    const find = (section: string, subsection: string | undefined, key: string): string | undefined =>
      variables.findLast(
        (variable) =>
          variable.section === section && variable.subsection === subsection && variable.key === key,
      )?.value;
    return find("lfs", undefined, "url") ?? find("remote", "origin", "lfsurl");
  }
  return undefined;
}
