/** What can be wrong with a configuration. */
export type ConfigErrorCode =
  /** The file cannot be read. */
  | "ERR_CONFIG_UNREADABLE"
  /** The text is not TOML or JSON. */
  | "ERR_CONFIG_SYNTAX"
  /** Keys are unknown, missing, of the wrong type or of an impossible value. */
  | "ERR_CONFIG_INVALID"
  /** A service manager hands over secrets of other files than the configuration names. */
  | "ERR_CONFIG_CREDENTIALS";

/** One thing that is wrong, and where. */
export interface ConfigProblem {
  /** The key, as in `builder.hosts[1]`; empty for the whole file. */
  readonly key: string;
  /** What was expected and what was found. */
  readonly message: string;
}

/** Where a {@link ConfigError} comes from. */
export interface ConfigErrorOptions extends ErrorOptions {
  /** The file, which the message then names first. */
  readonly file?: string;
}

/** A configuration that cannot be used, with every problem that was found in it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code: ConfigErrorCode;
  readonly problems: readonly ConfigProblem[];

  constructor(code: ConfigErrorCode, problems: readonly ConfigProblem[], options: ConfigErrorOptions = {}) {
    const lines = problems.map(({ key, message }) => (key === "" ? message : `${key}: ${message}`));
    const { file } = options;
    super(
      file === undefined ? lines.join("\n") : [`${file} cannot be used:`, ...lines].join("\n  "),
      options,
    );
    this.code = code;
    this.problems = problems;
  }
}
