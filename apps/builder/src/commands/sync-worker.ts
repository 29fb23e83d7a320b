import type { Command } from "commander";

import type { CommandContext } from "./command-context.ts";

/** The command that this program runs itself with; users do not see it. */
export const SYNC_WORKER = "sync-worker";

/** Adds the hidden command by which a sync has a process of its own. */
export function addSyncWorkerCommand(program: Command, { signal }: CommandContext): void {
  program.command(SYNC_WORKER, { hidden: true }).action(async () => {
    const { serveSyncRequest } = await import("../git/sync-worker.ts");
    await serveSyncRequest(signal);
  });
}
