/** A commit of the flake's repository that this machine has. */
export interface Revision {
  /** 40 hex digits. */
  readonly revision: string;
  /** When it was committed. */
  readonly commitTime: Date;
}
