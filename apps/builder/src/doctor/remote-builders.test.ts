import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";

import { describe, expect, it, onTestFinished } from "vitest";

import { parseMachines, readRemoteBuilders } from "./remote-builders.ts";

describe("parseMachines", () => {
  it("reads addresses, systems, keys and host keys", () => {
    const text = `# machines
ssh-ng://builder@mac aarch64-darwin,x86_64-darwin /etc/nix/key 4 1 kvm - c3NoLWVk
arm  aarch64-linux - 8 # slow
`;

    expect(parseMachines(text)).toEqual([
      {
        name: "ssh-ng://builder@mac",
        store: "ssh-ng://builder@mac?ssh-key=%2Fetc%2Fnix%2Fkey&base64-ssh-public-host-key=c3NoLWVk",
        systems: ["aarch64-darwin", "x86_64-darwin"],
      },
      { name: "arm", store: "ssh://arm", systems: ["aarch64-linux"] },
    ]);
  });

  it("takes an address alone, and several on a line", () => {
    expect(parseMachines("ssh://a?compress=true - /key; b").map(({ store }) => store)).toEqual([
      "ssh://a?compress=true&ssh-key=%2Fkey",
      "ssh://b",
    ]);
  });
});

describe("readRemoteBuilders", () => {
  it("reads the files that the setting names", async () => {
    const directory = await mkdtemp(`${tmpdir()}/machines-`);
    onTestFinished(() => rm(directory, { recursive: true }));
    await writeFile(`${directory}/machines`, "a\nb x86_64-linux\n");

    const builders = await readRemoteBuilders(`@${directory}/machines ; c`);

    expect(builders.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });

  it("finds none in an empty setting", async () => {
    expect(await readRemoteBuilders("")).toEqual([]);
  });
});
