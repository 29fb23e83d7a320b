import type { Command } from "commander";

import { addPlainCommand } from "./command-context.ts";

interface KeygenOptions {
  readonly out: string;
  readonly json?: true;
}

/** Adds `keygen`: a key pair to sign with. */
export function addKeygenCommand(program: Command): void {
  addPlainCommand(program, "keygen <name>", {
    description: "make a key pair to sign with, in Nix's format",
    example: "sudo nix-cache-builder keygen beez-1 --out /etc/nix-cache-builder",
  })
    .requiredOption("--out <dir>", "where NAME.secret and NAME.public go; nothing is overwritten")
    .option("--json", "print one JSON document")
    .action(makeKeyPair);
}

async function makeKeyPair(name: string, { json, out }: KeygenOptions): Promise<void> {
  const { writeKeyPair } = await import("../keys/write-key-pair.ts");
  const { printJson, printText } = await import("../text/print.ts");
  const files = await writeKeyPair(name, out);
  if (json) {
    printJson(files);
    return;
  }
  printText(
    [
      `Secret key:  ${files.secretFile} (builder.signingKeyFile; nobody but root, or who runs the builder, may read it)`,
      `Public key:  ${files.publicFile} (clients trust it)`,
      "",
      files.publicKey,
      "",
    ].join("\n"),
  );
}
