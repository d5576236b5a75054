/* `audit.show`: what the records of partners show. It looks at all that is held of an origin, so
 * its reply comes later (later.h). */
#ifndef VIZ_NODE_CONTROL_SHOW_H
#define VIZ_NODE_CONTROL_SHOW_H

struct viz_request;

int viz_show_audit(struct viz_request *req);

#endif
