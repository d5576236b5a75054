/* The check of the store before it is opened (store/salvage.h), in a process of its own: what a
 * damaged file or disk does to that one, it does not do to us. */
#ifndef VIZ_HOST_STORE_CHECK_H
#define VIZ_HOST_STORE_CHECK_H

#include "store/store.h"

/* Logs what was found and done. VIZ_ERR_STORE with `fault`: the store can be neither used nor made
 * anew. A directory that another process uses is left to viz_store_open. Call it before there are
 * threads. */
int viz_host_store_check(struct viz_store_fault *fault, const struct viz_store_config *config);

#endif
