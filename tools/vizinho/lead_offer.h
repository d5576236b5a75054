/* `lead offer` as a conversation at the terminal. */
#ifndef VIZ_TOOLS_VIZINHO_LEAD_OFFER_H
#define VIZ_TOOLS_VIZINHO_LEAD_OFFER_H

#include "tools/vizinho/command.h"

/* `again`: a second lead of one protocol number is meant, and nobody asks about it. */
int viz_lead_offer_ask(const struct viz_cli *cli, bool again);

#endif
