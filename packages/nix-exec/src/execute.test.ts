import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openNix, type OpenNixOptions } from "./nix.ts";

const UPSTREAM = `[ "$1" = --version ] && echo "nix (Nix) 2.34.8" && exit`;

describe("openNix with a nix that does what a real one cannot be made to do", () => {
  let binDir: string;
  let options: OpenNixOptions;

  const installNix = async (script: string): Promise<void> => {
    await writeFile(join(binDir, "nix"), `#!/bin/sh\n${script}\n`);
    await chmod(join(binDir, "nix"), 0o755);
  };

  beforeEach(async () => {
    binDir = await mkdtemp(join(tmpdir(), "nix-exec-bin-"));
    options = { binDir, env: { PATH: "/usr/bin:/bin" } };
  });
  afterEach(async () => rm(binDir, { recursive: true }));

  it("says what to do when there is no nix", async () => {
    await expect(openNix(options)).rejects.toMatchObject({
      code: "ERR_NIX_NOT_FOUND",
      message: expect.stringContaining("install Nix"),
    });
  });

  it("finds nix on the PATH that it is given", async () => {
    await installNix(UPSTREAM);

    const nix = await openNix({ env: { PATH: `${binDir}:/usr/bin:/bin` } });

    expect(nix.version.minor).toBe(34);
  });

  it("refuses a relative binDir", async () => {
    await expect(openNix({ ...options, binDir: "bin" })).rejects.toThrow(TypeError);
  });

  it("refuses a nix that is none", async () => {
    await installNix("echo GNU nix 1.0");

    await expect(openNix(options)).rejects.toMatchObject({ code: "ERR_NIX_VERSION" });
  });

  it("refuses a nix that is too old", async () => {
    await installNix('echo "nix (Nix) 2.3.16"');

    await expect(openNix(options)).rejects.toMatchObject({ code: "ERR_NIX_UNSUPPORTED" });
  });

  it("asks 2.34 for the JSON format that it reads", async () => {
    await installNix(
      `${UPSTREAM}\n[ "$3 $4 $5 $6" = "path-info --json --json-format 1" ] && echo '{"/nix/store/x":null}'`,
    );
    const nix = await openNix(options);

    expect(await nix.pathInfo({ paths: ["/nix/store/x"] })).toEqual({ valid: [], invalid: ["/nix/store/x"] });
  });

  it("refuses output that it cannot read, and shows where it starts", async () => {
    await installNix(`${UPSTREAM}\nprintf 'Segmentation\\033[1m fault'`);
    const nix = await openNix(options);

    await expect(nix.evalHostNames({ flakeRef: "path:/f" })).rejects.toMatchObject({
      code: "ERR_NIX_OUTPUT",
      message: 'nix eval: expected output of a known form, found "Segmentation fault"',
      cause: expect.any(SyntaxError),
    });
  });

  it("shows nothing of the settings, which hold tokens", async () => {
    await installNix(`${UPSTREAM}\nprintf '{"access-tokens": {"value": t0ken'`);
    const nix = await openNix(options);
    const error: unknown = await nix.showSettings().catch((caught: unknown) => caught);

    expect(error).toMatchObject({ code: "ERR_NIX_OUTPUT", message: expect.not.stringContaining("t0ken") });
    expect(error).not.toHaveProperty("cause");
  });

  it("says that Nix was killed", async () => {
    await installNix(`${UPSTREAM}\necho last words >&2; kill -KILL $$`);
    const nix = await openNix(options);

    await expect(nix.evalHostNames({ flakeRef: "path:/f" })).rejects.toMatchObject({
      code: "ERR_NIX_KILLED",
      message: "nix eval was killed, most likely for want of memory",
      signal: "SIGKILL",
      stderrTail: ["last words"],
    });
  });

  it("says that the program which limits memory is missing", async () => {
    await installNix(UPSTREAM);
    const nix = await openNix({ binDir, env: { PATH: binDir } });

    await expect(
      nix.evalDrvPath({ flakeRef: "path:/f", host: "a", maxMemoryBytes: 1e9 }),
    ).rejects.toMatchObject({ message: expect.stringContaining("install util-linux") });
  });

  it("says that memory ran out where Nix breaks down over it", async () => {
    await installNix(
      `${UPSTREAM}\necho "GC Warning: Out of Memory! Heap size: 1 MiB. Returning NULL!" >&2; kill -ABRT $$`,
    );
    const nix = await openNix(options);

    await expect(nix.evalHostNames({ flakeRef: "path:/f" })).rejects.toMatchObject({
      code: "ERR_NIX_MEMORY",
    });
  });

  it("keeps the last lines of stderr, without the credentials in them", async () => {
    await installNix(`${UPSTREAM}\nseq 100 >&2; echo "error: https://u:t0ken@host/ is down" >&2; exit 1`);
    const nix = await openNix(options);
    const error: unknown = await nix
      .evalHostNames({ flakeRef: "path:/f" })
      .catch((caught: unknown) => caught);

    expect(error).toMatchObject({
      message: "nix eval ended with status 1: https://***@host/ is down",
      stderrTail: expect.arrayContaining(["100", "error: https://***@host/ is down"]),
    });
    expect(error).toHaveProperty("stderrTail.length", 40);
  });

  it("says so when the disk is full", async () => {
    await installNix(`${UPSTREAM}\necho "error: writing to file: No space left on device" >&2; exit 1`);
    const nix = await openNix(options);

    await expect(nix.evalHostNames({ flakeRef: "path:/f" })).rejects.toMatchObject({
      code: "ERR_NIX_DISK_FULL",
      message: expect.stringContaining("free space"),
    });
  });

  it("puts no setting's value on the command line", async () => {
    await installNix(`${UPSTREAM}\necho "$@" >&2; exit 1`);
    const nix = await openNix({ ...options, settings: { "access-tokens": "github.com=t0ken" } });

    await expect(nix.evalHostNames({ flakeRef: "path:/f" })).rejects.toMatchObject({
      stderrTail: [expect.not.stringContaining("t0ken")],
    });
  });
});
