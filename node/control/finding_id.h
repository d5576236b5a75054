/* The numbers of findings: "F" and 8 hexadecimal digits. A number is the same as long as the
 * finding is kept, and short enough to type. */
#ifndef VIZ_NODE_CONTROL_FINDING_ID_H
#define VIZ_NODE_CONTROL_FINDING_ID_H

#include "node/core/ids.h"
#include "proto/base.h"

#define VIZ_FINDING_ID_MAX  10
#define VIZ_FINDING_KEY_LEN (VIZ_ID_SLOT_LEN + 33)

/* `key` is that of a row of VIZ_TABLE_FINDING. The number is its FNV-1a hash. */
void viz_finding_id_text(char out[VIZ_FINDING_ID_MAX], const uint8_t *key);

#endif
