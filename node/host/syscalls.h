/* The system calls that vizinhod makes after its start, and no others. */
#ifndef VIZ_NODE_HOST_SYSCALLS_H
#define VIZ_NODE_HOST_SYSCALLS_H

#include "proto/base.h"

/* A sanitizer's own work needs more than ours. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VIZ_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define VIZ_SANITIZED 1
#endif
#endif

/* From now on this thread, and those that it starts, may make only these calls. Another one answers
 * ENOSYS, as an older kernel would, so that a newer libc goes on with the call that it knows.
 * Whoever starts a program is killed: the daemon never does. `strict`: another call kills too, so
 * that the tests notice one that is missing here. No new privileges must be set. VIZ_ERR_STATE: the
 * kernel, or what the process runs in, has no such filter. */
int viz_host_syscalls_limit(bool strict);

#endif
