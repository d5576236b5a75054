/* The customer's proof as people hand it over. */
#ifndef VIZ_TOOLS_VIZINHO_PROOF_INPUT_H
#define VIZ_TOOLS_VIZINHO_PROOF_INPUT_H

#include "node/offer/proof.h"
#include "tools/vizinho/command.h"

/* Reads the line, or the file ("-": standard input) with the line or the JSON object. Returns the
 * exit status; what is wrong is printed. */
int viz_proof_input_read(struct viz_offer_proof *out, const struct viz_cli *cli, const char *word);

#endif
