import { NarInfoError, parseNarInfo, parseStorePath, verifyNarInfo } from "@nix-cache/narinfo";

import { createAllowList, formatServerUrl } from "../../client/addresses.ts";
import { askHttp, type HttpAnswer, type NoAnswer } from "../ask-http.ts";
import { readCacheInfo } from "../cache-info.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { listLanAddresses } from "../lan-addresses.ts";
import { asAdministrator } from "../remedies.ts";
import { tryReadPublicKey } from "../signing-keys.ts";

const report = reportAs("server");

const SERVICE = "nix-cache-server.service";

/** A way to the server. */
interface Entrance {
  readonly url: string;
  /** A unix socket in place of the URL's host and port. */
  readonly socketPath?: string;
}

/** Asks the server as a client does: what it is, and what it has of each host. */
export async function checkServer(context: DoctorContext): Promise<readonly Finding[]> {
  const { cacheServer } = context.config;
  if (!cacheServer.enable) return [report.skipped("cacheServer.enable is false")];
  if (cacheServer.port === 0) return [report.skipped("cacheServer.port is 0: it has another port each time")];
  const [first, ...others] = listEntrances(context);
  if (first === undefined) return [report.skipped("no address of this machine is in cacheServer.allow")];
  const answer = await askEntrance(context, first);
  if (answer.status !== "ok") return [answer];
  const more = await Promise.all(others.map((entrance) => askEntrance(context, entrance)));
  return [answer, ...more, ...(await checkHosts(context, first))];
}

/** Every address by which clients may come, this machine's own first; those that are refused are the allow list's. */
function listEntrances({ config }: DoctorContext): readonly Entrance[] {
  const { allow, host, port } = config.cacheServer;
  if (host.startsWith("unix:")) return [{ url: "http://localhost", socketPath: host.slice("unix:".length) }];
  const list = createAllowList(allow);
  return listAddresses(host)
    .filter((address) => list.check(address, address.includes(":") ? "ipv6" : "ipv4"))
    .map((address) => ({ url: formatServerUrl(address, port) }));
}

function listAddresses(host: string): readonly string[] {
  const loopback = "127.0.0.1";
  if (host === "localhost") return [loopback];
  if (host !== "::" && host !== "0.0.0.0") return [host];
  const lan = listLanAddresses().filter(({ family }) => host === "::" || family === "ipv4");
  return [loopback, ...lan.map(({ address }) => address)];
}

async function ask(
  { signal }: DoctorContext,
  { socketPath, url }: Entrance,
  path: string,
): Promise<HttpAnswer | NoAnswer> {
  return askHttp(`${url}${path}`, { signal, ...(socketPath === undefined ? {} : { socketPath }) });
}

async function askEntrance(context: DoctorContext, entrance: Entrance): Promise<Finding> {
  const place = entrance.socketPath ?? entrance.url;
  const answer = await ask(context, entrance, "/nix-cache-info");
  if (answer.type === "none") {
    return report.problem(`${place} does not answer (${answer.reason})`, {
      remedy: `systemctl status ${SERVICE}   # does it run?\n${asAdministrator(context, "systemctl", "restart", SERVICE)}`,
    });
  }
  return judgeCacheInfo(context, place, answer);
}

function judgeCacheInfo(context: DoctorContext, place: string, { body, status }: HttpAnswer): Finding {
  const { cacheServer, nix } = context.config;
  const restart = asAdministrator(context, "systemctl", "restart", SERVICE);
  if (status === 403) {
    const summary = `${place} refuses this machine, which is in cacheServer.allow: it runs with an older configuration`;
    return report.problem(summary, { remedy: restart });
  }
  const info = readCacheInfo(body);
  if (status !== 200 || info === undefined) {
    const remedy = `ss --listening --tcp --processes 'sport = :${cacheServer.port}'   # which program has the port?`;
    return report.problem(`${place} is no binary cache (status ${status})`, { remedy });
  }
  if (info.storeDir !== nix.storeDir) {
    return report.problem(`${place} serves the store ${info.storeDir}, and nix.storeDir is ${nix.storeDir}`, {
      remedy: restart,
    });
  }
  if (info.priority !== cacheServer.priority) {
    const summary = `${place} has priority ${info.priority}, and cacheServer.priority is ${cacheServer.priority}`;
    return report.warning(summary, { remedy: restart });
  }
  return report.ok(`${place} answers, for ${info.storeDir} with priority ${info.priority}`);
}

async function checkHosts(context: DoctorContext, entrance: Entrance): Promise<readonly Finding[]> {
  const { history } = context;
  const published = history.type === "read" ? history.published : [];
  const newest = published.flatMap(
    (generations) => generations.find(({ lostAt }) => lostAt === undefined) ?? [],
  );
  if (newest.length === 0) return [report.skipped("nothing is published yet that it could serve")];
  const publicKey = await tryReadPublicKey(context);
  const faults = await Promise.all(
    newest.map(({ host, toplevel }) => findFault(context, entrance, { host, toplevel, publicKey })),
  );
  const findings = faults.filter((fault) => fault !== undefined);
  const signed = publicKey === undefined ? "" : `, signed with ${publicKey.split(":")[0]}`;
  return findings.length > 0
    ? findings
    : [report.ok(`it serves the newest of ${newest.length} hosts${signed}`)];
}

interface ServedToplevel {
  readonly host: string;
  readonly toplevel: string;
  /** Undefined where the signing key cannot be read: signatures are then not looked at. */
  readonly publicKey: string | undefined;
}

/** What is wrong with how a toplevel is served; undefined when all is well. */
async function findFault(
  context: DoctorContext,
  entrance: Entrance,
  { host, publicKey, toplevel }: ServedToplevel,
): Promise<Finding | undefined> {
  const { storeDir } = context.config.nix;
  const { hashPart } = parseStorePath(toplevel, { storeDir });
  const answer = await ask(context, entrance, `/${hashPart}.narinfo`);
  const remedy = `journalctl --unit ${SERVICE} --lines 50\n${asAdministrator(context, "systemctl", "restart", SERVICE)}`;
  const info =
    answer.type === "answer" && answer.status === 200 ? readNarInfo(answer.body, storeDir) : undefined;
  if (info?.storePath !== toplevel) {
    const how = answer.type === "answer" ? `status ${answer.status}` : answer.reason;
    return report.problem(`it does not serve the newest toplevel of ${host} (${how})`, {
      detail: toplevel,
      remedy,
    });
  }
  if (publicKey === undefined || verifyNarInfo(info, [publicKey])) return undefined;
  return report.problem(
    `what it serves of ${host} has no signature that ${publicKey} verifies: clients refuse it`,
    {
      detail: toplevel,
      remedy: `cacheServer.signingKeyFiles = ["${context.config.builder.signingKeyFile}"]   # in ${context.configFile}\n${remedy}`,
    },
  );
}

function readNarInfo(text: string, storeDir: string): ReturnType<typeof parseNarInfo> | undefined {
  try {
    return parseNarInfo(text, { storeDir });
  } catch (error) {
    if (error instanceof NarInfoError) return undefined;
    throw error;
  }
}
