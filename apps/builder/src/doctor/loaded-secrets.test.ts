import { describe, expect, it } from "vitest";

import { parseLoadedCredentials } from "./loaded-secrets.ts";

describe("parseLoadedCredentials", () => {
  it("reads the files of a unit by name", () => {
    const unit = [
      "# /etc/systemd/system/nix-cache-builder.service",
      "[Service]",
      "LoadCredential=signingKeyFile:/etc/keys/100%% secret",
      "SetCredential=signingKeyFile:\\n",
      "LoadCredential=sshKeyFile:/root/.ssh/id_ed25519",
    ].join("\n");

    expect([...parseLoadedCredentials(unit)]).toEqual([
      ["signingKeyFile", ["/etc/keys/100% secret"]],
      ["sshKeyFile", ["/root/.ssh/id_ed25519"]],
    ]);
  });

  it("knows that a drop-in can take all of them back", () => {
    const unit =
      "LoadCredential=signingKeyFile:/old\n# drop-in\nLoadCredential=\nLoadCredential=sshKeyFile:/new\n";

    expect([...parseLoadedCredentials(unit)]).toEqual([["sshKeyFile", ["/new"]]]);
  });

  it("reads nothing from a unit that is not there", () => {
    expect(parseLoadedCredentials("").size).toBe(0);
  });
});
