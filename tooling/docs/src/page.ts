/** A file that is made from the program. */
export interface Page {
  /** Path in the checkout. */
  readonly file: string;
  readonly text: string;
}
