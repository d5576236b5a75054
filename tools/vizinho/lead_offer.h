/* `lead offer` as a conversation at the terminal. */
#ifndef VIZ_TOOLS_VIZINHO_LEAD_OFFER_H
#define VIZ_TOOLS_VIZINHO_LEAD_OFFER_H

#include "tools/vizinho/command.h"

int viz_lead_offer_ask(const struct viz_cli *cli);

#endif
