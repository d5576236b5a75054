/* What is known of a peer, or of the sender of an invitation. */
#ifndef VIZ_TOOLS_VIZINHO_PEER_TABLE_H
#define VIZ_TOOLS_VIZINHO_PEER_TABLE_H

#include <jansson.h>

struct viz_cli;

/* Prints it, a line for each thing. */
void viz_peer_table_print(const struct viz_cli *cli, const json_t *p);

/* "AS28000", or "-". */
void viz_peer_table_asn(char out[24], const json_t *p);

#endif
