/** What a manual says that the help does not. */
export interface ManualText {
  /** One line, for NAME and apropos(1): without a capital and a full stop. */
  readonly purpose: string;
  /** Paragraphs; `code` is shown in bold. */
  readonly description: readonly string[];
  /** What each exit code means, by the name that the program gives it. */
  readonly exitCodes: Readonly<Record<string, string>>;
  readonly environment: readonly (readonly [term: string, meaning: string])[];
  readonly files: readonly (readonly [term: string, meaning: string])[];
  /** What is done, and the lines that do it. */
  readonly examples: readonly (readonly [purpose: string, ...lines: readonly string[]])[];
  readonly seeAlso: string;
}
