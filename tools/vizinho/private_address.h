/* Where http may go: what is sent there does not leave the machine or the local net. */
#ifndef VIZ_TOOLS_VIZINHO_PRIVATE_ADDRESS_H
#define VIZ_TOOLS_VIZINHO_PRIVATE_ADDRESS_H

#include "proto/base.h"

/* Whether no name of the Internet has this address: loopback, private, link-local, CGNAT. */
struct sockaddr;
bool viz_private_address(const struct sockaddr *address);

#endif
