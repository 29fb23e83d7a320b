/** Formats a time for use in names, in UTC and without a colon: `20261122T020000Z`. */
export function formatCompactTime(date: Date): string {
  return date.toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

/** Finds the first of `name`, `name-2`, `name-3`, ... that is free. */
export function findFreeName(name: string, isTaken: (name: string) => boolean): string {
  let candidate = name;
  for (let count = 2; isTaken(candidate); count++) candidate = `${name}-${count}`;
  return candidate;
}
