/* Which function takes which record, message, mail, statement and timer. */
#ifndef VIZ_NODE_HANDLERS_H
#define VIZ_NODE_HANDLERS_H

#include "node/link/net.h"

/* The tables of handlers.c; constant. */
extern const struct viz_handlers viz_handlers;

#endif
