/* `consent show`, `consent dossier`, and `consent verify` of a lead: the daemon's answers. */
#ifndef VIZ_TOOLS_VIZINHO_CMD_CONSENT_H
#define VIZ_TOOLS_VIZINHO_CMD_CONSENT_H

#include "tools/vizinho/command.h"

/* Whether the word is a lead (20261123-1) or an entry of the inbox (a1b2c3d4-20261123-1), and no
 * proof or file. */
bool viz_cmd_consent_names_lead(const char *word);

/* `consent verify` of a lead: by what this node keeps. */
int viz_cmd_consent_check(const struct viz_cli *cli, const char *word);

#endif
