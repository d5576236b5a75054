/* What vizinho.conf names outside of itself: users, a program, a directory. Only --check asks: the
 * daemon starts although a reader has no account any more. */
#ifndef VIZ_NODE_HOST_CONFIG_MACHINE_H
#define VIZ_NODE_HOST_CONFIG_MACHINE_H

#include "node/host/config_value.h"

/* Whether this machine has what the value names. False: `why` says what it does not have. */
bool viz_host_config_machine_has(char *why, size_t max, const struct viz_config_key *key,
				 const char *value);
/* Whether a node in this state directory can be opened by this user. False: likewise. */
bool viz_host_config_machine_state(char *why, size_t max, const char *state);

#endif
