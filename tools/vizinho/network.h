/* What the running node and its partners publish, for the analysis: coverage.export of the daemon
 * as struct viz_analyze_network. */
#ifndef VIZ_TOOLS_VIZINHO_NETWORK_H
#define VIZ_TOOLS_VIZINHO_NETWORK_H

#include "tools/analyze/analyze_run.h"
#include "tools/vizinho/command.h"

struct viz_network; /* opaque */

/* NULL when nobody answers on the socket, which is no error. NULL too when the node refuses or its
 * answer cannot be read; this is printed. The caller frees it. */
struct viz_network *viz_network_ask(const struct viz_cli *cli);
/* Borrowed until viz_network_free. */
const struct viz_analyze_network *viz_network_coverage(const struct viz_network *n);
void viz_network_free(struct viz_network *n);

#endif
