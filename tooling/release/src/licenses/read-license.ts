import { readdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";

import { hasTerms, listLicenses } from "./license-terms.ts";
import type { BundledPackage } from "./read-bundle.ts";

/** Whose code it is and on which terms. */
export interface Notice {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
  /** What has to come along with the code: licence texts with their copyright lines. */
  readonly texts: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** Names of the files in a package that hold its terms. */
const LICENSE_FILE = /^(licen[cs]e|copying|notice)/i;

/** A comment at the head of a source file, in either form. */
const HEAD_COMMENT = /^(?:#!.*\n|\s|['"]use strict['"];?)*((?:\/\/.*\n)+|\/\*[^]*?\*\/)/;

/**
 * Packages that name their licence and come without its text, with the copyright line they have elsewhere. They get
 * the licence's own text.
 */
const WITHOUT_TEXT: Readonly<Record<string, string>> = {
  // From the page that its README names as its licence.
  "abstract-logging": "Copyright (c) James Sumners",
  // From the author in its package.json.
  "clean-git-ref": "Copyright Eli White",
};

const TEXTS_DIR = `${dirname(dirname(import.meta.dirname))}/texts`;

/**
 * Reads the terms of a package: its licence files, then the heads of its bundled sources for licences that those do
 * not hold.
 *
 * @throws Error where a licence's text is not to be found, or the licence is none that may be bundled
 */
export async function readNotice({ directory, files }: BundledPackage): Promise<Notice> {
  const { name, version, license }: Manifest = JSON.parse(
    await readFile(`${directory}/package.json`, "utf8"),
  );
  if (license === undefined) throw new Error(`expected a licence in ${name}'s package.json, found none`);
  const texts = await readLicenseFiles(directory);
  for (const id of listLicenses(license)) {
    if (!texts.some((text) => hasTerms(text, id))) texts.push(await findTerms(name, id, files));
  }
  return { name, version, license, texts };
}

async function readLicenseFiles(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => LICENSE_FILE.test(name)).toSorted();
  return Promise.all(names.map((name) => readFile(`${directory}/${name}`, "utf8")));
}

async function findTerms(name: string, license: string, files: readonly string[]): Promise<string> {
  const sources = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const comment = sources
    .map((source) => HEAD_COMMENT.exec(source)?.[1] ?? "")
    .find((text) => hasTerms(text, license));
  if (comment !== undefined) return comment.replaceAll(/^\s*(\/\/|\/?\*+\/?) ?/gm, "");
  const copyright = WITHOUT_TEXT[name];
  if (copyright === undefined) {
    throw new Error(
      `expected the text of ${license} in ${name}, found none: see WITHOUT_TEXT in read-license.ts`,
    );
  }
  return `${copyright}\n\n${await readFile(`${TEXTS_DIR}/${license}.txt`, "utf8")}`;
}
