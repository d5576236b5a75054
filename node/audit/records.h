/* Rules about single records: equivocation, PARTNERS that contradict an older one, two
 * pledges of one author for one offer. */
#ifndef VIZ_NODE_AUDIT_RECORDS_H
#define VIZ_NODE_AUDIT_RECORDS_H

#include "proto/base.h"

struct viz_core;
struct viz_id;
struct viz_net;
struct viz_record;

/* Events. */
void viz_audit_equivocation(struct viz_net *net, const struct viz_record *rec);

void viz_audit_partners(struct viz_net *net, const struct viz_record *rec);

void viz_audit_pledge(struct viz_net *net, const struct viz_record *rec, const struct viz_id *id);

/* The record id and place of the pledge by `author` for the offer, as first seen. */
bool viz_audit_pledge_of(struct viz_core *core, struct viz_id *id, uint64_t *pledge_slot,
			 const struct viz_id *origin, uint64_t slot, const struct viz_id *author);

#endif
