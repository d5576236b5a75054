/* The bodies of gossiped records, decoded and checked by type. */
#ifndef VIZ_NODE_GOSSIP_BODY_H
#define VIZ_NODE_GOSSIP_BODY_H

struct viz_federation;
struct viz_record;

/* Decodes the body of a record by its type and checks what needs no state. VIZ_ERR_FORM,
 * VIZ_ERR_LIMIT, VIZ_ERR_MEANING. */
int viz_body_check(const struct viz_record *rec, const struct viz_federation *f);

#endif
