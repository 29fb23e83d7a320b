/** Why the server cannot start: one sentence for the administrator, with the way out. */
export class StartError extends Error {
  override readonly name = "StartError";
}
