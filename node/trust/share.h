/* How much one origin may make us store: its share. What it has taken stands in its account
 * (core/account.h). PROTOCOL.md section 14. */
#ifndef VIZ_NODE_TRUST_SHARE_H
#define VIZ_NODE_TRUST_SHARE_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_trust;

/* The share of each origin, bytes: half of the map for all partners together, and VIZ_CIRCLE_SHARE
 * at most. */
uint64_t viz_share_bytes(struct viz_trust *trust);

/* Whether `bytes` more fit into the share of this origin. To ourselves there is no limit. */
bool viz_share_has(struct viz_trust *trust, const struct viz_id *origin, uint64_t bytes);

/* Likewise for `len` bytes of evidence, which may take a quarter of the share, and
 * VIZ_EVIDENCE_PER_ORIGIN at most. */
bool viz_share_has_evidence(struct viz_trust *trust, const struct viz_id *origin, size_t len);

/* The share of the federation records of all but ourselves and those with whom our operator deals,
 * bytes: a part of the map. */
uint64_t viz_share_federation(const struct viz_core *core);

#endif
