import { isLocalHost } from "../../local-host.ts";
import type { DoctorContext } from "../doctor-context.ts";
import { type Finding, reportAs } from "../finding.ts";
import { parseFirewall } from "../firewall-rules.ts";
import { judgeFirewall } from "../judge-firewall.ts";
import { doctorAsRoot } from "../remedies.ts";

const report = reportAs("firewall");

/** Says whether the firewall lets clients through, as far as its rules are understood. */
export async function checkFirewall(context: DoctorContext): Promise<readonly Finding[]> {
  const { config, rootView } = context;
  const { enable, host, port } = config.cacheServer;
  if (!enable || isLocalHost(host)) return [report.skipped("there is no port to open")];
  if (rootView === undefined)
    return [report.skipped("root alone sees its rules", { remedy: doctorAsRoot(context) })];
  const { firewall } = rootView;
  if (firewall === undefined) return [report.skipped("neither nft nor iptables-save can be asked")];
  const remedy = [
    `networking.firewall.allowedTCPPorts = [ ${port} ];   # in a NixOS configuration; elsewhere, for example:`,
    `sudo nft insert rule inet filter input tcp dport ${port} accept`,
  ].join("\n");
  switch (judgeFirewall(parseFirewall(firewall), port)) {
    case "open":
      return [report.ok(`${firewall.type} lets in what comes to port ${port}`)];
    case "maybe":
      return [
        report.ok(`${firewall.type} lets in some of what comes to port ${port}: by address or interface`),
      ];
    default:
      return [report.warning(`${firewall.type} lets in nothing that comes to port ${port}`, { remedy })];
  }
}
