import { hideCredentials } from "@nix-cache/gitsync";

import { askHttp, type HttpAnswer } from "../ask-http.ts";
import { readCacheInfo } from "../cache-info.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { readList } from "../nix-settings.ts";
import { listSubstituters, type Substituter } from "../substituters.ts";

const report = reportAs("substituters");

/** Answers of a cache that wants to know who asks; Nix tells it by its netrc-file. */
const WANTS_CREDENTIALS = new Set([401, 403, 407]);

/** Says whether the caches that Nix asks before it builds can be reached, and are of use to this store. */
export async function checkSubstituters(context: DoctorContext): Promise<readonly Finding[]> {
  const all = readList(await context.settings(), "substituters");
  const asked = await listSubstituters(context);
  const others = all.length - asked.length;
  if (all.length === 0) return [report.ok("there are none: everything is built here")];
  const findings = await Promise.all(asked.map((substituter) => ask(context, substituter)));
  return others === 0 ? findings : [...findings, report.skipped(`${others} of them are not asked over http`)];
}

async function ask(context: DoctorContext, substituter: Substituter): Promise<Finding> {
  const { isOwn, url: address } = substituter;
  const url = hideCredentials(address);
  if (isOwn) {
    return report.warning(`${url} is this machine's own cache: it is asked for what it has itself`, {
      remedy: `take it out of substituters in /etc/nix/nix.conf of this machine`,
    });
  }
  const answer = await askHttp(`${address}/nix-cache-info`, { isProxied: true, signal: context.signal });
  if (answer.type === "none") {
    const remedy = `curl --verbose ${url}/nix-cache-info   # what is fetched from there is built here while it is down`;
    return report.warning(`${url} does not answer (${answer.reason})`, { remedy });
  }
  return judgeCache(context, url, answer);
}

function judgeCache({ config }: DoctorContext, url: string, { body, status }: HttpAnswer): Finding {
  if (WANTS_CREDENTIALS.has(status)) {
    return report.skipped(`${url} wants credentials, which Nix takes from its netrc-file (status ${status})`);
  }
  if (status >= 300 && status < 400) return report.ok(`${url} answers, and sends clients elsewhere`);
  const remedy = `take ${url} out of substituters, or correct its address`;
  if (status !== 200) return report.warning(`${url} is no binary cache (status ${status})`, { remedy });
  const storeDir = readCacheInfo(body)?.storeDir;
  if (storeDir === undefined)
    return report.warning(`${url} answers with something else than a nix-cache-info`, { remedy });
  if (storeDir !== config.nix.storeDir) {
    return report.warning(`${url} is for the store ${storeDir}, and of no use to ${config.nix.storeDir}`, {
      remedy,
    });
  }
  return report.ok(`${url} answers`);
}
