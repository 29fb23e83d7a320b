import { describe, expect, it } from "vitest";

import { toProcessError } from "./process-failure.ts";

describe("toProcessError", () => {
  // Messages of OpenSSH and of forges, as they arrive on stderr; those that a real sshd says are in ssh-failures.test.ts.
  it.each([
    ["ERR_GITSYNC_NETWORK", "ssh: connect to host example.org port 22: Connection timed out"],
    ["ERR_GITSYNC_NETWORK", "ssh: connect to host example.org port 22: No route to host"],
    ["ERR_GITSYNC_NETWORK", "Connection timed out during banner exchange"],
    ["ERR_GITSYNC_NETWORK", "Timeout, server example.org not responding."],
    ["ERR_GITSYNC_NETWORK", "client_loop: send disconnect: Broken pipe"],
    ["ERR_GITSYNC_COMMAND", "No user exists for uid 1234"],
    ["ERR_GITSYNC_HOST_KEY", "Host key for example.org was revoked and you have requested strict checking."],
    ["ERR_GITSYNC_KEY", 'Load key "/k": Permission denied\ngit@example.org: Permission denied (publickey).'],
    [
      "ERR_GITSYNC_PROTOCOL",
      "Unable to negotiate with 192.0.2.1 port 22: no matching host key type found. Their offer: ssh-rsa",
    ],
    ["ERR_GITSYNC_REPOSITORY", "ERROR: Repository not found.\nfatal: Could not read from remote repository."],
    [
      "ERR_GITSYNC_REPOSITORY",
      "ERROR: The project you were looking for could not be found or you don't have permission to view it.",
    ],
    ["ERR_GITSYNC_REPOSITORY", "FATAL: R any flake deploy DENIED by fallthru"],
    ["ERR_GITSYNC_PROTOCOL", "something new"],
  ])("tells %s from %j", (code, stderr) => {
    const error = toProcessError("the forge", "ssh", { exitCode: 255, stderr });

    expect(error).toMatchObject({ code, exitCode: 255, stderr });
  });

  it("blames a key only when it was the reason", () => {
    const stderr = "no such identity: /k: No such file or directory\nERROR: Repository not found.";

    const error = toProcessError("the forge", "ssh", { exitCode: 1, stderr });

    expect(error.code).toBe("ERR_GITSYNC_REPOSITORY");
  });

  it("quotes the line that tells", () => {
    const stderr = "Welcome\nssh: Could not resolve hostname a: Name or service not known\nbye";

    const error = toProcessError("the forge", "ssh", { exitCode: 255, stderr });

    expect(error.message).toMatch(/exit code 255 and said "ssh: Could not resolve hostname a: .*": the host/);
  });

  it("says when there were no words, and no end of its own", () => {
    expect(toProcessError("the forge", "ssh", { stderr: "" }).message).toMatch(/was killed and said nothing/);
  });

  it("names the program that did not start", () => {
    const startError = new Error("ENOENT");

    const error = toProcessError("the forge", "ssh", { stderr: "", startError });

    expect(error).toMatchObject({ code: "ERR_GITSYNC_COMMAND", cause: startError });
    expect(error.message).toMatch(/run ssh for the forge/);
  });
});
