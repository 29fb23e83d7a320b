import { readFile } from "node:fs/promises";
import process from "node:process";

import { fetchDebianPackages } from "@nix-cache/tooling-parts";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { tempDirForTest } from "../support/temp-dir.ts";
import { CONTAINER_DIR } from "./read-recipe.ts";

const COMPOSE_FILE = `${CONTAINER_DIR}/compose.yaml`;

interface Service {
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: unknown;
  readonly privileged?: boolean;
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly volumes: readonly string[];
  readonly tmpfs: readonly string[];
  readonly secrets?: readonly { readonly source: string; readonly target: string }[];
}

interface Compose {
  readonly services: { readonly server: Service; readonly builder: Service };
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const COMPOSE: Compose = parse(await readFile(COMPOSE_FILE, "utf8"), { merge: true });
const { server, builder } = COMPOSE.services;

/** Has the compose command of Debian read the file, as `docker compose` would; no engine is needed for it. */
async function readByCompose(environment: Readonly<Record<string, string>>): Promise<string> {
  const root = await fetchDebianPackages({
    name: "debian-trixie-docker-compose",
    suite: "trixie",
    packages: ["docker-compose"],
    withDependencies: false,
  });
  const { stdout } = await execa(
    `${root}/usr/libexec/docker/cli-plugins/docker-compose`,
    ["--file", COMPOSE_FILE, "--profile", "builder", "config"],
    {
      env: { PATH: process.env["PATH"], HOME: await tempDirForTest("home"), ...environment },
      extendEnv: false,
    },
  );
  return stdout;
}

describe.each(Object.entries(COMPOSE.services))("the service %s", (_, service) => {
  it("may write nothing but its volumes, and gain no rights", () => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
    expect(service.privileged).toBeUndefined();
    expect(service.tmpfs).toEqual([expect.stringMatching(/^\/tmp:size=/)]);
  });

  it("gets no secret by a variable", () => {
    expect(service.environment).toBeUndefined();
  });

  it("cannot change its configuration", () => {
    expect(service.volumes).toContain("./config.toml:/etc/nix-cache-builder/config.toml:ro");
  });
});

describe("the server", () => {
  it("listens on one address of the LAN, which has to be named", async () => {
    expect(server.ports).toEqual([expect.stringMatching(/^\$\{LAN_ADDRESS:\?.+\}:5000:5000$/)]);
    await expect(readByCompose({})).rejects.toThrow("LAN_ADDRESS is missing a value");
  });

  it("reads the builder's volumes and writes none", () => {
    expect(server.volumes.filter((volume) => !volume.endsWith(":ro"))).toEqual([]);
    expect(server.secrets).toBeUndefined();
  });
});

describe("the builder", () => {
  it("is started by a timer and not by `up`", () => {
    expect(builder).toMatchObject({ profiles: ["builder"], restart: "no" });
    expect(builder.ports).toBeUndefined();
  });

  it("finds its secrets where the options of the configuration name them", () => {
    const targets = builder.secrets?.map(({ target }) => target);

    expect(targets).toEqual(["signingKeyFile", "sshKeyFile"]);
    expect(Object.values(COMPOSE.secrets).filter(({ file }) => !file.startsWith("./secrets/"))).toEqual([]);
  });
});

describe("compose.yaml", () => {
  it("is understood by compose", async () => {
    const read: Compose = parse(await readByCompose({ LAN_ADDRESS: "192.168.1.5" }));

    expect(Object.keys(read.services)).toEqual(["builder", "server"]);
    expect(read.services.server.ports).toEqual([
      expect.objectContaining({ host_ip: "192.168.1.5", published: "5000", target: 5000 }),
    ]);
  });
});
