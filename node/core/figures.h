/* What the host counts and measures, for the metrics (control/metrics.c). The node has the memory;
 * the threads of the host write it at any time, and a request reads it. No figure depends on
 * another one, so there is no lock. */
#ifndef VIZ_NODE_CORE_FIGURES_H
#define VIZ_NODE_CORE_FIGURES_H

#include <stdatomic.h>

#include "proto/base.h"

/* Counters since the start, and below them what is measured each second at least. */
enum viz_figure {
	VIZ_FIGURE_FRAMES_IN,
	VIZ_FIGURE_FRAMES_OUT,
	VIZ_FIGURE_BYTES_IN, /* with handshakes and what does not open */
	VIZ_FIGURE_BYTES_OUT,
	VIZ_FIGURE_EVENTS, /* that the core has taken */
	VIZ_FIGURE_BATCH_US,
	VIZ_FIGURE_REQUESTS, /* on the control socket */
	VIZ_FIGURE_HOOKS_GOOD,
	VIZ_FIGURE_HOOKS_FAILED,
	VIZ_FIGURE_LINES_DROPPED, /* of the log */
	VIZ_FIGURE_OPEN,          /* connections with a complete handshake */
	VIZ_FIGURE_HALF_OPEN,
	VIZ_FIGURE_DIALLING,
	VIZ_FIGURE_QUEUE_MESSAGES, /* that wait for the core */
	VIZ_FIGURE_QUEUE_BYTES,
	VIZ_FIGURE_OUT_BYTES, /* that wait for peers */
	VIZ_FIGURE_CHECKS_WAITING,
	VIZ_FIGURE_RESIDENT_BYTES,
	VIZ_FIGURE_CPU_US,
	VIZ_FIGURE_COUNT
};

/* Why a connection ended, for log and counters. */
#define VIZ_CLOSE_REASONS(X)                                                                       \
	X(CORE, "core")           /* the core asked for it, with its own words */                  \
	X(PEER, "peer")           /* the other side closed */                                      \
	X(IO, "io")               /* connection refused, reset, unreachable */                     \
	X(HANDSHAKE, "handshake") /* a handshake message of wrong length, or that does not open */ \
	X(TIMEOUT, "timeout")     /* handshake not done in time */                                 \
	X(FRAME, "frame")         /* a frame's length that cannot be */                            \
	X(AUTH, "auth")           /* a frame that does not open */                                 \
	X(PADDING, "padding")     /* body length past the end, padding that is not zero */         \
	X(IDLE, "idle")           /* no frame for too long */                                      \
	X(SLOW, "slow")           /* does not take what is sent to it */                           \
	X(HALF_OPEN, "half-open") /* refused: too many unfinished handshakes */                    \
	X(PREFIX, "prefix")       /* refused: too many connections or attempts of its prefix */    \
	X(FULL, "full")           /* refused: the table is full */                                 \
	X(STOP, "stop")           /* the daemon ends */

enum viz_close_reason {
#define X(name, text) VIZ_CLOSE_##name,
	VIZ_CLOSE_REASONS(X)
#undef X
	    VIZ_CLOSE_COUNT,
	VIZ_CLOSE_NONE = VIZ_CLOSE_COUNT, /* it goes on */
};

/* The upper ends of the histogram of batches, in microseconds; longer ones come behind them. */
#define VIZ_FIGURES_BATCH_ENDS                                                                     \
	{                                                                                          \
		1000, 4000, 16000, 64000, 256000, 1000000                                          \
	}
#define VIZ_FIGURES_BATCHES 7

struct viz_figures {
	_Atomic uint64_t figure[VIZ_FIGURE_COUNT];
	_Atomic uint64_t closed[VIZ_CLOSE_COUNT];
	_Atomic uint64_t batch[VIZ_FIGURES_BATCHES]; /* by how long they took, each once */
};

static inline void viz_figures_add(struct viz_figures *f, enum viz_figure figure, uint64_t n)
{
	atomic_fetch_add_explicit(&f->figure[figure], n, memory_order_relaxed);
}

static inline void viz_figures_set(struct viz_figures *f, enum viz_figure figure, uint64_t n)
{
	atomic_store_explicit(&f->figure[figure], n, memory_order_relaxed);
}

static inline uint64_t viz_figures_get(const struct viz_figures *f, enum viz_figure figure)
{
	return atomic_load_explicit(&f->figure[figure], memory_order_relaxed);
}

/* One more connection has ended for this reason. */
void viz_figures_closed(struct viz_figures *f, enum viz_close_reason reason);
uint64_t viz_figures_closed_count(const struct viz_figures *f, enum viz_close_reason reason);
const char *viz_figures_close_name(enum viz_close_reason reason);

/* A batch of so many events took so long. */
void viz_figures_batch(struct viz_figures *f, size_t events, uint64_t us);
/* How many batches took at most the end number i (VIZ_FIGURES_BATCH_ENDS); the last i: all. */
uint64_t viz_figures_batch_count(const struct viz_figures *f, size_t i);
/* That end; 0: the last i has none. */
uint64_t viz_figures_batch_end(size_t i);

#endif
