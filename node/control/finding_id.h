/* The names of findings: "3fa2b1c0-20261128-1-14-9c01ab22" is the accused, the lead, the rule and
 * what it is about. */
#ifndef VIZ_NODE_CONTROL_FINDING_ID_H
#define VIZ_NODE_CONTROL_FINDING_ID_H

#include "proto/base.h"

#define VIZ_FINDING_ID_MAX 64

/* `key` is that of a row of VIZ_TABLE_FINDING. */
void viz_finding_id_text(char out[VIZ_FINDING_ID_MAX], const uint8_t *key);

#endif
