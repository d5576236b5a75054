/* `consent show`, `consent dossier`, and `consent verify` of a lead: the daemon's answers. */
#ifndef VIZ_TOOLS_VIZINHO_CONSENT_VIEW_H
#define VIZ_TOOLS_VIZINHO_CONSENT_VIEW_H

#include <jansson.h>

#include "tools/vizinho/command.h"

/* Whether the word is a lead (20261123-1) or an entry of the inbox (a1b2c3d4-20261123-1), and no
 * proof or file. */
bool viz_consent_view_names_lead(const char *word);

/* {"lead": word}, or {"id": word} of the inbox; a new reference. */
json_t *viz_consent_view_args(const char *word);

/* `consent verify` of a lead: by what this node keeps. */
int viz_consent_view_check(const struct viz_cli *cli, const char *word);

#endif
