/* What waits for the core: ours first, and others have as much of the time when they wait.
 *
 * Ours are the ticks, the requests of local clients, the events of links with partners, and the
 * results of checks that the core calls near. Each link has a lane: its events are taken in the
 * order in which they came, whatever the link becomes meanwhile. Lanes of one class take turns, an
 * event each. Ours and others are in no batch together, so that ours wait for one batch of others
 * at most. Whatever of ours waits, others have their turn when ours had VIZ_HOST_TURN_US.
 *
 * Something of ours goes on for a second after a request of a local client, and after what the core
 * says that it is: a mail of a partner, or a record of an offer or of a partner. What a partner
 * tells of others is none of it. Meanwhile a batch of others has as many events as take
 * VIZ_HOST_TURN_US, by what the last ones took. And what other links send unasked, with the results
 * of its checks, has a part of the time only, few events a batch: it costs our threads, and other
 * nodes' on the same machine, as much again. What we have asked for comes as fast as we ask.
 *
 * Others wait for a moment until they are many: one commit is enough for all of a batch.
 *
 * Core thread only. No clock, no lock. */
#ifndef VIZ_NODE_HOST_QUEUE_H
#define VIZ_NODE_HOST_QUEUE_H

#include "node/host/event.h"

struct viz_host_queue; /* opaque */

/* Whether this link is with a partner. */
typedef bool (*viz_host_queue_near)(void *arg, uint64_t link);

/* An empty queue. `near` is asked by the calls below. */
void viz_host_queue_new(struct viz_host_queue **out, viz_host_queue_near near, void *arg);
/* Takes the event. */
void viz_host_queue_add(struct viz_host_queue *queue, struct viz_host_event *event);
/* How long until something can be taken, in microseconds; UINT64_MAX: nothing waits. `now_us` is of
 * any clock that does not go back, here and below. */
uint64_t viz_host_queue_wait(const struct viz_host_queue *queue, uint64_t now_us);
/* The next batch, at most VIZ_HOST_BATCH_EVENTS, as a list; the caller owns it. NULL and 0 when
 * nothing can be taken. */
struct viz_host_event *viz_host_queue_take(struct viz_host_queue *queue, size_t *count,
					   uint64_t now_us);
/* The batch that was taken last is done. `ours`: something of ours goes on, by what was in it. */
void viz_host_queue_done(struct viz_host_queue *queue, uint64_t now_us, bool ours);
/* Frees what waits, too. */
void viz_host_queue_free(struct viz_host_queue *queue);

#endif
