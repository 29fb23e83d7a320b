/**
 * Licences that code in a bundle may have, by SPDX identifier, each with words that its text cannot lack. All of them
 * let MIT-licensed work include the code and ask for no more than that their text comes along.
 */
const TERMS: Readonly<Record<string, RegExp>> = {
  "0BSD": /Permission to use, copy, modify, and\/or distribute this software/,
  "Apache-2.0": /TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION/,
  "BSD-2-Clause": /Redistributions in binary form must reproduce the above copyright notice/,
  "BSD-3-Clause":
    /(?=.*Redistributions in binary form must reproduce)(?=.*(Neither the name|The names of any contributors may not be used))/,
  ISC: /Permission to use, copy, modify, and(\/or)? distribute this software for any purpose/,
  MIT: /Permission is hereby granted, free of charge, to any person obtaining a copy/,
  Zlib: /This software is provided 'as-is'(?=.*Altered source versions must be plainly marked)/,
};

/**
 * Lists the licences that an SPDX expression joins; all of them apply.
 *
 * @throws Error where one is not among those that may be bundled, or the expression leaves a choice
 */
export function listLicenses(expression: string): readonly string[] {
  const licenses = expression
    .replaceAll(/[()]/g, " ")
    .trim()
    .split(/\s+AND\s+/);
  const unknown = licenses.filter((license) => !(license in TERMS));
  if (unknown.length > 0) {
    throw new Error(
      `expected ${Object.keys(TERMS).join(", ")}, found ${unknown.join(", ")}: look at its terms, then add it to license-terms.ts or do without the package`,
    );
  }
  return licenses;
}

/** Whether a text holds the terms of a licence, however its lines are broken or commented. */
export function hasTerms(text: string, license: string): boolean {
  const words = text.replaceAll(/^\s*(\/\/|\*)/gm, " ").replaceAll(/\s+/g, " ");
  return TERMS[license]?.test(words) ?? false;
}
