import type { HistoryReader, Run } from "@nix-cache/history";

import { CommandError } from "../command-error.ts";
import { EXIT } from "../exit-codes.ts";
import { FIRST_RUN_REMEDY } from "../read-history.ts";

/** As the history gives them: a start time, and a number where two runs started in the same second. */
const RUN_ID = /^\d{8}T\d{6}Z(?:-\d{1,9})?$/;

/**
 * Finds a run that the user named; the id becomes a path name.
 *
 * @throws {@link CommandError} 2 for what is no id of a run, 1 for a run that is not recorded
 */
export function requireRun(history: HistoryReader, id: string): Run {
  if (!RUN_ID.test(id)) {
    throw new CommandError(
      `expected the id of a run such as 20261122T020000Z, got "${id}": nix-cache-builder history lists them`,
      EXIT.usage,
    );
  }
  const run = history.run(id);
  if (run !== undefined) return run;
  throw new CommandError(
    `run ${id} is not recorded: nix-cache-builder history lists those that are`,
    EXIT.failed,
  );
}

/**
 * The run that started last.
 *
 * @throws {@link CommandError} 1 where there was none
 */
export function requireLatestRun(history: HistoryReader): Run {
  const run = history.latestRun();
  if (run !== undefined) return run;
  throw new CommandError(`no run is recorded yet: ${FIRST_RUN_REMEDY}`, EXIT.failed);
}
