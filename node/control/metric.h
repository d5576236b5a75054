/* The metrics: one table with the name, type, unit and help of each. The names are Prometheus', in
 * base units and with `_total` behind counters; prometheus.io/docs/practices/naming. A metric has
 * few samples, whatever the node holds, and nothing of a lead or a person.
 *
 * A set is a list of objects, CONTROL.md's `metric`. Whoever adds to it adds to the last metric. */
#ifndef VIZ_NODE_CONTROL_METRIC_H
#define VIZ_NODE_CONTROL_METRIC_H

#include <jansson.h>

#include "proto/base.h"

#define VIZ_METRIC_UP_NAME "vizinho_up"
#define VIZ_METRIC_UP_HELP "1 when the node answers, 0 when it does not."

/* Id, name behind "vizinho_", type, unit, help. */
#define VIZ_METRICS(X)                                                                             \
	X(UP, "up", "gauge", "", VIZ_METRIC_UP_HELP)                                               \
	X(BUILD, "build_info", "info", "", "The version that runs.")                               \
	X(READY, "ready", "gauge", "",                                                             \
	  "1 when the node may sign: it is not starting, in quarantine or revoked.")               \
	X(STARTING, "starting", "gauge", "", "1 while the log waits after a start.")               \
	X(QUARANTINE, "quarantine", "gauge", "",                                                   \
	  "1 while nothing is signed, as the state is an old one or a copy runs.")                 \
	X(REVOKED, "key_revoked", "gauge", "", "1 when the key of this node is revoked.")          \
	X(ALONE, "alone", "gauge", "", "1 when offers wait, as no partner is linked.")             \
	X(START, "start_time_seconds", "gauge", "seconds",                                         \
	  "When the process started, since 1970.")                                                 \
	X(UPTIME, "uptime_seconds", "gauge", "seconds", "How long the process has run.")           \
	X(CPU, "cpu_seconds_total", "counter", "seconds", "Time of the processor.")                \
	X(RESIDENT, "resident_memory_bytes", "gauge", "bytes", "Memory in use, shared pages too.") \
	X(CONFINED, "confined", "gauge", "", "1 for each protection of the process that is on.")   \
	X(STORE_USED, "store_used_bytes", "gauge", "bytes", "Live pages of the store.")            \
	X(STORE_SIZE, "store_size_bytes", "gauge", "bytes",                                        \
	  "What the store may grow to, as its disk is now.")                                       \
	X(STORE_FULL, "store_full", "gauge", "", "1 when the store takes little or nothing new.")  \
	X(STORE_ROWS, "store_rows", "gauge", "", "Rows of the store, by table.")                   \
	X(DISK_FREE, "disk_free_bytes", "gauge", "bytes",                                          \
	  "What the store's file system has left.")                                                \
	X(DISK_FULL, "disk_full", "gauge", "", "1 when that is too little.")                       \
	X(BACKUP, "last_backup_time_seconds", "gauge", "seconds",                                  \
	  "When the last good backup was made, since 1970; 0: never.")                             \
	X(FEDERATION_USED, "federation_used_bytes", "gauge", "bytes",                              \
	  "What the federation's records weigh.")                                                  \
	X(FEDERATION_LIMIT, "federation_limit_bytes", "gauge", "bytes", "What they may weigh.")    \
	X(NODES, "nodes_known", "gauge", "", "Nodes of which a record is held.")                   \
	X(MEMBERS, "members", "gauge", "", "Members of the federation, other than this node.")     \
	X(LEFT_OUT, "members_left_out", "gauge", "", "Members whose records are left out.")        \
	X(PRUNED, "nodes_pruned", "gauge", "", "Nodes that the operator keeps out.")               \
	X(VOUCHES, "vouches", "gauge", "", "Vouches of all nodes that are held.")                  \
	X(LINKS, "links", "gauge", "", "Nodes that are linked.")                                   \
	X(PARTNERS_WANTED, "partners_wanted", "gauge", "",                                         \
	  "Partners by the operator's word, blocked ones excepted.")                               \
	X(PARTNERS, "partners", "gauge", "", "Partners whose partnership is in effect.")           \
	X(PARTNERS_LINKED, "partners_linked", "gauge", "", "Wanted partners that are linked.")     \
	X(PARTNERS_UNLISTED, "partners_unlisted", "gauge", "",                                     \
	  "Wanted partners that have no samples of their own, as there are too many.")             \
	X(PARTNER, "partner_info", "info", "", "The names of the wanted partners.")                \
	X(PARTNER_LINKED, "partner_linked", "gauge", "", "1 when the partner is linked.")          \
	X(PARTNER_MAIL, "partner_mail", "gauge", "", "Mails that wait for the partner.")           \
	X(MAIL, "mail", "gauge", "", "Mails that wait for anybody.")                               \
	X(LAST_SIGNED, "last_signed_ahead_seconds", "gauge", "seconds",                            \
	  "How far what this node signed last is ahead of its clock.")                             \
	X(CLOCK_OFFSET, "clock_offset_seconds", "gauge", "seconds",                                \
	  "This clock minus that of the peer that differs most; 0 when none differs too much.")    \
	X(CLOCK_PEERS, "clock_peers", "gauge", "", "Peers whose clocks differ too much.")          \
	X(CLOCK_WRONG, "clock_wrong", "gauge", "",                                                 \
	  "1 when several peers say this clock is wrong.")                                         \
	X(RECEIVED, "records_received_total", "counter", "",                                       \
	  "Records that peers have sent, by what came of them.")                                   \
	X(SIGNATURES, "signature_checks_total", "counter", "", "Signatures that were checked.")    \
	X(CHECKS, "signature_checks_waiting", "gauge", "", "Records whose signature is not yet.")  \
	X(LEADS, "leads", "gauge", "", "Leads of this node, by state.")                            \
	X(INBOX, "inbox_offers", "gauge", "", "Offers of partners, by state.")                     \
	X(INBOX_WAITING, "inbox_waiting", "gauge", "", "Offers that a person here must act on.")   \
	X(INBOX_OVERDUE, "inbox_overdue", "gauge", "", "Those of them whose time is over.")        \
	X(FINDINGS, "audit_findings", "gauge", "", "Findings of the audit that are kept.")         \
	X(UNCHECKED, "audit_unchecked_offers", "gauge", "",                                        \
	  "Offers of partners whose lists cannot be judged.")                                      \
	X(PROBING, "probing_alarms", "gauge", "", "Peers that are reported for probing.")          \
	X(JOURNAL, "journal_entries_total", "counter", "", "Entries of the journal, ever.")        \
	X(CONNECTIONS, "connections", "gauge", "", "Connections, by state.")                       \
	X(CLOSED, "connections_closed_total", "counter", "", "Connections that ended, by reason.") \
	X(FRAMES_IN, "frames_received_total", "counter", "", "Frames from other nodes.")           \
	X(FRAMES_OUT, "frames_sent_total", "counter", "", "Frames to other nodes.")                \
	X(BYTES_IN, "network_received_bytes_total", "counter", "bytes", "Bytes from other nodes.") \
	X(BYTES_OUT, "network_sent_bytes_total", "counter", "bytes", "Bytes to other nodes.")      \
	X(QUEUE_MESSAGES, "queue_messages", "gauge", "", "Messages that wait for the core.")       \
	X(QUEUE_BYTES, "queue_bytes", "gauge", "bytes", "Bytes of them.")                          \
	X(OUT_BYTES, "output_bytes", "gauge", "bytes", "Bytes that wait for other nodes.")         \
	X(VERIFY_QUEUE, "verify_queue", "gauge", "", "Signatures that wait for a thread.")         \
	X(EVENTS, "core_events_total", "counter", "", "Events that the core has taken.")           \
	X(BATCHES, "batch_duration_seconds", "histogram", "seconds",                               \
	  "How long a batch of events took until it was on disk.")                                 \
	X(REQUESTS, "control_requests_total", "counter", "", "Requests on the control socket.")    \
	X(HOOKS, "hook_runs_total", "counter", "", "Runs of the hook, by what came of them.")      \
	X(LINES, "log_lines_dropped_total", "counter", "", "Lines left out, as many were alike.")

enum viz_metric {
#define X(id, name, type, unit, help) VIZ_METRIC_##id,
	VIZ_METRICS(X)
#undef X
};

/* A metric without samples. Each metric is added at most once. */
void viz_metric_add(json_t *set, enum viz_metric metric);
/* A sample of the metric that was added last, with a label. Both are constants or short texts; ""
 * is no label. Borrowed: further labels can be set. */
json_t *viz_metric_sample(json_t *set, const char *label, const char *text, double value);
/* A metric with one sample, which has no label. */
void viz_metric_one(json_t *set, enum viz_metric metric, double value);

#endif
