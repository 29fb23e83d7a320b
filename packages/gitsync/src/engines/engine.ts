import type { TreeListing } from "../checkout/tree-listing.ts";
import type { PointerRequest } from "../lfs/resolve-pointers.ts";
import type { ObjectReader } from "../repository/objects.ts";

/** What an {@link Engine} is to bring, and where to. */
export interface FetchRequest {
  /** The .git directory; its object store may hold older objects already. */
  readonly gitDir: string;
  /** A path on the same file system for what is on its way. Nothing is there, and nothing is there afterwards. */
  readonly incomingDir: string;
  /** The branch to bring, with its whole history; undefined where no branch need be at the tip. */
  readonly branch: string | undefined;
  /** Where the branch was when it was asked for; without a branch, a commit that all branches together may have. */
  readonly tip: string;
  /** A commit that the store has with all its history, if there is one; it need not be sent again. */
  readonly before: string | undefined;
}

/** A way to bring the objects of one repository and to read them: what differs between isomorphic-git and git. */
export interface Engine {
  /**
   * Asks the remote where a branch is.
   *
   * @throws GitSyncError ERR_GITSYNC_BRANCH when it has no such branch, and the codes of the transport
   */
  readonly findTip: (branch: string) => Promise<string>;
  /**
   * Adds the branch's objects to a store, all or none, and moves none of its refs. Without a branch it brings the commit,
   * or, where the remote serves only what it advertises, all branches, whether or not the commit is among them.
   */
  readonly fetch: (request: FetchRequest) => Promise<void>;
  /**
   * Checks that a store is undamaged and holds what this engine's stores hold.
   *
   * @throws GitSyncError ERR_GITSYNC_CORRUPT
   */
  readonly checkStore: (gitDir: string) => Promise<void>;
  /** Reads the objects of a store. */
  readonly createReader: (gitDir: string) => ObjectReader;
  /**
   * Says what the pointers of Git LFS in a commit's tree stand for, and adds that to the store, all or nothing. A tree
   * whose pointers are to stay what they are comes back as it was.
   *
   * @throws GitSyncError ERR_GITSYNC_LFS, and the codes of the transport
   */
  readonly resolvePointers: (request: PointerRequest, revision: string) => Promise<TreeListing>;
  /** Keeps the number of packs in a store bounded. */
  readonly limitPacks: (gitDir: string) => Promise<void>;
  /** Ends what the engine holds open. */
  readonly close: () => Promise<void>;
}
