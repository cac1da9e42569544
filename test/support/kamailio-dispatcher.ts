import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runKamailio } from './kamailio.js';

export type DispatcherOptions = {
  /** Holds the list of nodes. */
  folder: string;
  port: number;
  /** SIP ports on 127.0.0.1 that calls are spread over. */
  nodes: readonly number[];
  /** Where a call to a number goes, `+…`: the way out. */
  gatewayPort?: number;
};

/** A record-routing proxy before several nodes: it asks each whether it is there, and tries the next where one fails. */
export async function startDispatcher({
  folder,
  port,
  nodes,
  gatewayPort,
}: DispatcherOptions): Promise<{ stop(): Promise<void> }> {
  const list = join(folder, `dispatcher-${port}.list`);
  await writeFile(list, nodes.map((node) => `1 sip:127.0.0.1:${node}\n`).join(''));
  return runKamailio(port, configOf(port, list, gatewayPort));
}

const configOf = (port: number, list: string, gatewayPort: number | undefined): string => `#!KAMAILIO
debug=2
log_stderror=yes
children=1
auto_aliases=no
listen=udp:127.0.0.1:${port}
loadmodule "pv.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "dispatcher.so"
modparam("tm", "fr_timer", 1000)
modparam("dispatcher", "list_file", "${list}")
modparam("dispatcher", "flags", 2)
modparam("dispatcher", "xavp_dst", "_nodes_")
modparam("dispatcher", "ds_ping_interval", 1)
modparam("dispatcher", "ds_probing_mode", 1)
modparam("dispatcher", "ds_probing_threshold", 1)
modparam("dispatcher", "ds_inactive_threshold", 1)
request_route {
  if (is_method("OPTIONS") && $rU == $null) { sl_send_reply("200", "OK"); exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (is_method("ACK") && t_check_trans()) { t_relay(); exit; }
    sl_send_reply("404", "Not here");
    exit;
  }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (!is_method("INVITE")) { sl_send_reply("405", "Method Not Allowed"); exit; }
  record_route();
${gatewayPort === undefined ? '' : `  if ($rU =~ "^\\+") { $du = "sip:127.0.0.1:${gatewayPort}"; t_relay(); exit; }`}
  if (!ds_select_dst("1", "4")) { sl_send_reply("503", "No node is there"); exit; }
  t_on_failure("NEXT");
  t_relay();
}
failure_route[NEXT] {
  if (t_is_canceled()) exit;
  if (t_check_status("503") || (t_branch_timeout() && !t_branch_replied())) {
    if (ds_next_dst()) { t_on_failure("NEXT"); t_relay(); exit; }
  }
}
`;
