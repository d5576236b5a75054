/* What a peer may cause here: signature checks, replaced records, bytes of spread and of
 * repair. */
#ifndef VIZ_NODE_LINK_BUDGET_H
#define VIZ_NODE_LINK_BUDGET_H

#include "proto/base.h"

struct viz_core;
struct viz_link;
struct viz_member;
struct viz_net;
struct viz_record;

/* Takes one signature check from the peer's budget. */
bool viz_budget_charge(struct viz_net *net, struct viz_member *m);

bool viz_budget_charge_link(struct viz_net *net, const struct viz_link *link);

/* Takes a record from what may be flooded on the link. A peer that reads slowly gets the rest by
 * repair, which goes on when it has read what came before. */
bool viz_budget_flood(struct viz_core *core, struct viz_link *link, size_t bytes);

/* Takes the bytes of an answer from the peer's budget: a short question can ask for very much. */
bool viz_budget_repair(struct viz_net *net, const struct viz_link *link, size_t bytes);

/* Each record that replaces another costs every node a commit and a flood: so many of an author,
 * and then only as repair finds them. Charged when the signature is known to be good. */
bool viz_budget_update(struct viz_net *net, const struct viz_record *rec);

#endif
