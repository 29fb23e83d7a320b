/** What tells two versions of a file apart. Any strings do, as long as equal ones mean equal files. */
export interface FileFingerprint {
  /** Stands for the file as it is. */
  readonly exact: string;
  /** Stands for the file with whatever a mere rebuild changes left out, such as hash parts of store paths in it. */
  readonly content: string;
}

/** What the files of a toplevel say of the system; what it does not have is left out. */
export interface SystemFacts {
  /** Store path that the link `kernel` leads into, as for the three below. */
  readonly kernel?: string;
  readonly initrd?: string;
  readonly kernelModules?: string;
  readonly systemd?: string;
  /** Parameters of the kernel's command line, in order; leave the hash parts of store paths out of them. */
  readonly kernelParams?: readonly string[];
  /**
   * systemd's units by name; those of users with `user/` before it, drop-ins and links below their directory, as in
   * `sshd.service.d/overrides.conf` and `multi-user.target.wants/sshd.service`.
   */
  readonly units?: ReadonlyMap<string, FileFingerprint>;
  /** Files by their path below /etc, units apart. */
  readonly etc?: ReadonlyMap<string, FileFingerprint>;
}
