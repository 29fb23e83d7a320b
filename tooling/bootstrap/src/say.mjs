/** Something that the user has to mend before the set-up can go on; its message says how. */
export class SetupError extends Error {}

/**
 * Prints one step of the set-up.
 * @param {string} subject what it is about, such as `node`
 * @param {string} text what is done
 */
export function say(subject, text) {
  process.stdout.write(`${subject.padEnd(6)} ${text}\n`);
}

/**
 * Ends the set-up with one clear sentence.
 * @param {string} message what is wrong and the way out
 */
export function fail(message) {
  process.stderr.write(`\n${message}\n`);
  process.exitCode = 1;
}
