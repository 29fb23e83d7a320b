import { describe, expect, it } from "vitest";

import { buildEnvironment } from "./environment.ts";

const PRIVATE_STORE = { storeDir: "/srv/s", stateDir: "/srv/v", logDir: "/srv/l" };

describe("buildEnvironment", () => {
  it("passes on what Nix needs and nothing else", () => {
    const env = {
      PATH: "/bin",
      HOME: "/root",
      LC_ALL: "C",
      https_proxy: "http://p",
      NIX_CONF_DIR: "/etc/nix",
      XDG_CACHE_HOME: "/c",
      SSH_AUTH_SOCK: "/s",
      GIT_SSH_COMMAND: "ssh -F none",
      GIT_SSL_CAINFO: "/etc/ssl/certs/ca-certificates.crt",
      SHELL: "/bin/sh",
      CREDENTIALS_DIRECTORY: "/run/credentials/unit",
      GIT_DIR: "/elsewhere",
      LD_PRELOAD: "/x.so",
      TELEGRAM_TOKEN: "secret",
      TMPDIR: undefined,
    };

    expect(buildEnvironment({ env })).toEqual({
      PATH: "/bin",
      HOME: "/root",
      LC_ALL: "C",
      https_proxy: "http://p",
      NIX_CONF_DIR: "/etc/nix",
      XDG_CACHE_HOME: "/c",
      SSH_AUTH_SOCK: "/s",
      GIT_SSH_COMMAND: "ssh -F none",
      GIT_SSL_CAINFO: "/etc/ssl/certs/ca-certificates.crt",
      SHELL: "/bin/sh",
      CREDENTIALS_DIRECTORY: "/run/credentials/unit",
    });
  });

  it("sets nothing for the default store", () => {
    const store = { storeDir: "/nix/store", stateDir: "/nix/var/nix", logDir: "/nix/var/log/nix" };

    expect(buildEnvironment({ env: { NIX_REMOTE: "daemon" }, store })).toEqual({ NIX_REMOTE: "daemon" });
  });

  it("names a private store and keeps a daemon out of it", () => {
    expect(buildEnvironment({ env: { NIX_REMOTE: "daemon" }, store: PRIVATE_STORE })).toEqual({
      NIX_STORE_DIR: "/srv/s",
      NIX_STATE_DIR: "/srv/v",
      NIX_LOG_DIR: "/srv/l",
      NIX_REMOTE: "",
    });
  });

  it("names a chroot store by its real directory", () => {
    const store = { ...PRIVATE_STORE, realStoreDir: "/mnt/a&b/s" };

    expect(buildEnvironment({ env: {}, store })["NIX_REMOTE"]).toBe(
      "local?store=%2Fsrv%2Fs&real=%2Fmnt%2Fa%26b%2Fs&state=%2Fsrv%2Fv&log=%2Fsrv%2Fl",
    );
  });

  it("appends settings after those of the caller", () => {
    const env = { NIX_CONFIG: "cores = 1" };

    expect(buildEnvironment({ env, settings: { cores: "2", substituters: "" } })["NIX_CONFIG"]).toBe(
      "cores = 1\ncores = 2\nsubstituters = ",
    );
  });

  it("refuses a value of several lines without repeating it", () => {
    const settings = { "access-tokens": "github.com=secret\nsandbox = false" };

    expect(() => buildEnvironment({ env: {}, settings })).toThrow(
      new TypeError("expected setting access-tokens to be one line, got several"),
    );
  });

  it("refuses a name that is no setting", () => {
    expect(() => buildEnvironment({ env: {}, settings: { "a = b\nc": "d" } })).toThrow(TypeError);
  });
});
