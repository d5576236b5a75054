/* Who takes which record, message, mail, statement and timer: the five tables of handlers.c. */
#ifndef VIZ_NODE_HANDLERS_H
#define VIZ_NODE_HANDLERS_H

#include "node/link/net.h"

extern const struct viz_handlers viz_handlers;

#endif
