import { checkAllowList } from "./checks/allow-list.ts";
import { checkCacheSize } from "./checks/cache-size.ts";
import { checkClock } from "./checks/clock.ts";
import { checkConfiguration } from "./checks/configuration.ts";
import { checkDisk } from "./checks/disk.ts";
import { checkFirewall } from "./checks/firewall.ts";
import { checkFlake } from "./checks/flake.ts";
import { checkHosts } from "./checks/hosts.ts";
import { checkLinks } from "./checks/links.ts";
import { checkNix } from "./checks/nix.ts";
import { checkPlatforms } from "./checks/platforms.ts";
import { checkPrograms } from "./checks/programs.ts";
import { checkRemoteBuilders } from "./checks/remote-builders.ts";
import { checkRepository } from "./checks/repository.ts";
import { checkRoots } from "./checks/roots.ts";
import { checkRuns } from "./checks/runs.ts";
import { checkServer } from "./checks/server.ts";
import { checkSignatures } from "./checks/signatures.ts";
import { checkSigningKey } from "./checks/signing-key.ts";
import { checkState } from "./checks/state.ts";
import { checkSubstituters } from "./checks/substituters.ts";
import { checkTimer } from "./checks/timer.ts";
import { checkTokens } from "./checks/tokens.ts";
import type { Check } from "./doctor-context.ts";

/** An evaluation of the flake's names alone, which may have to fetch the inputs first. */
const FLAKE_TIMEOUT_MS = 10 * 60_000;

/** ssh gives up sooner; a repository with many branches over a slow line takes this long. */
const NETWORK_TIMEOUT_MS = 90_000;

/** Every check, in the order in which a person wants to read what they found. */
export const CHECKS: readonly Check[] = [
  { name: "configuration", find: checkConfiguration },
  { name: "state", find: checkState },
  { name: "programs", find: checkPrograms },
  { name: "nix", find: checkNix },
  { name: "platforms", find: checkPlatforms },
  { name: "remote-builders", find: checkRemoteBuilders },
  { name: "substituters", find: checkSubstituters },
  { name: "repository", find: checkRepository, timeoutMs: NETWORK_TIMEOUT_MS },
  { name: "tokens", find: checkTokens },
  { name: "flake", find: checkFlake, timeoutMs: FLAKE_TIMEOUT_MS },
  { name: "signing-key", find: checkSigningKey },
  { name: "disk", find: checkDisk },
  { name: "clock", find: checkClock },
  { name: "timer", find: checkTimer },
  { name: "runs", find: checkRuns },
  { name: "hosts", find: checkHosts },
  { name: "cache-size", find: checkCacheSize },
  { name: "roots", find: checkRoots },
  { name: "links", find: checkLinks },
  { name: "signatures", find: checkSignatures },
  { name: "server", find: checkServer },
  { name: "allow-list", find: checkAllowList },
  { name: "firewall", find: checkFirewall },
];
