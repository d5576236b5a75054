/* What is not well with the node: for `status`, for people and for programs that watch it. Each
 * problem has a code that stays, since when it is so, why, and the command that mends it.
 * CONTROL.md has them all. */
#ifndef VIZ_NODE_CONTROL_HEALTH_H
#define VIZ_NODE_CONTROL_HEALTH_H

#include <jansson.h>

#include "proto/base.h"

struct viz_core;
struct viz_net;
struct viz_request;

/* A problem makes the node degraded, or down: then it signs nothing, or takes nothing new. */
enum viz_health_level { VIZ_HEALTH_WELL, VIZ_HEALTH_DEGRADED, VIZ_HEALTH_DOWN };

/* Name, code, level, the command that mends it. The worst come first. {peer} is the short id of the
 * peer: a name could bring anything into a shell. */
#define VIZ_ILLS(X)                                                                                \
	/* of the node */                                                                          \
	X(KEY_REVOKED, "key-revoked", DOWN, "vizinho key rotate --help")                           \
	X(QUARANTINE, "quarantine", DOWN, "vizinho key resume --help")                             \
	X(CLOCK_BEHIND, "clock-behind", DOWN, "timedatectl set-ntp true")                          \
	X(DISK_FULL, "disk-full", DOWN, "df -h")                                                   \
	X(STORE_FULL, "store-full", DOWN, "systemctl restart vizinhod")                            \
	X(STORE_NEARLY_FULL, "store-nearly-full", DEGRADED, "systemctl restart vizinhod")          \
	X(STORE_FILLING, "store-filling", DEGRADED, "df -h")                                       \
	X(CLOCK_WRONG, "clock-wrong", DEGRADED, "timedatectl set-ntp true")                        \
	X(OWN_SILENT, "own-silent", DEGRADED, "systemctl restart vizinhod")                        \
	X(ALONE, "alone", DEGRADED, "vizinho doctor")                                              \
	X(NO_WITHDRAWAL, "no-withdrawal", DEGRADED, "systemctl reload vizinhod")                   \
	X(NO_PRIVACY, "no-privacy", DEGRADED, "systemctl reload vizinhod")                         \
	/* of a partner */                                                                         \
	X(PARTNER_REVOKED, "partner-revoked", DEGRADED, "vizinho peer show {peer}")                \
	X(PARTNER_SILENT, "partner-silent", DEGRADED, "vizinho peer show {peer}")                  \
	X(PARTNER_UNLINKED, "partner-unlinked", DEGRADED, "vizinho peer show {peer}")              \
	X(PARTNER_CLOCK, "partner-clock", DEGRADED, "timedatectl timesync-status")

#define VIZ_ILL_NAME(name, code, level, remedy) VIZ_ILL_##name,
enum viz_ill { VIZ_ILLS(VIZ_ILL_NAME) VIZ_ILL_COUNT };
#undef VIZ_ILL_NAME

/* Since when each of those of the node is there, by what this process has seen; 0: it is not. */
struct viz_health {
	struct viz_time since[VIZ_ILL_COUNT];
};

/* Looks at the node, and notes what has begun and ended. Once a second, and before it is told. */
void viz_health_look(struct viz_net *net);

/* How long a partner may be without a link before that is a problem: it starts anew, or its
 * line does. */
int64_t viz_health_patience_ms(const struct viz_core *core);

/* All peers of the operator; who has no link comes first. */
json_t *viz_health_partners_json(struct viz_request *req);

/* "verdict" and "problems" into the reply. */
void viz_health_set(json_t *o, struct viz_net *net);

#endif
