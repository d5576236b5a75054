/* Who may read personal data: UNIX users that the configuration names, not whoever holds the
 * socket. */
#ifndef VIZ_NODE_READER_ACCESS_H
#define VIZ_NODE_READER_ACCESS_H

#include "node/ctl.h"
#include "proto/statement.h"

/* 0, or an error when the client's user is not a reader. */
int viz_ctl_reader(struct viz_ctl *c);
json_t *viz_ctl_contact_json(const struct viz_contact *contact);
json_t *viz_ctl_plan_json(const struct viz_plan *p);

#endif
