/** A changeset as the changesets command line hands it over. */
interface Changeset {
  /** What its author wrote for users, in Markdown. */
  readonly summary: string;
}

interface DependencyRelease {
  readonly name: string;
  readonly newVersion?: string | undefined;
}

/**
 * Formats a changeset as one entry of a CHANGELOG: the words that were written for users, and nothing of how the
 * change came about; who wants the commits has git.
 *
 * @returns an item with its paragraphs, and the line ends that keep it apart from the next
 */
export function getReleaseLine({ summary }: Changeset): string {
  const [first = "", ...rest] = summary.trim().split("\n");
  const indented = rest.map((line) => (line.trim() === "" ? "" : `  ${line.trimEnd()}`));
  return `\n${[`- ${first.trimEnd()}`, ...indented].join("\n")}\n`;
}

/**
 * Formats what a release brings from other packages of the repository.
 *
 * @returns one entry; empty where nothing does, as with packages that do not depend on each other
 */
export function getDependencyReleaseLine(
  _changesets: readonly Changeset[],
  updated: readonly DependencyRelease[],
): string {
  if (updated.length === 0) return "";
  const names = updated.map(({ name, newVersion }) => `${name} ${newVersion ?? ""}`.trimEnd());
  return `\n- Brings ${names.join(", ")}.\n`;
}
