/* A 64-bit hash of bytes for tables in memory; not for anything that an adversary gains from. */
#ifndef VIZ_ANALYZE_HASH64_H
#define VIZ_ANALYZE_HASH64_H

#include "proto/base.h"

uint64_t viz_hash64(const char *p, size_t len);

#endif
