#include "node/core/figures.h"

static const uint64_t ends[] = VIZ_FIGURES_BATCH_ENDS;

_Static_assert(sizeof ends / sizeof *ends == VIZ_FIGURES_BATCHES - 1, "one more: without an end");

void viz_figures_closed(struct viz_figures *f, enum viz_close_reason reason)
{
	atomic_fetch_add_explicit(&f->closed[reason], 1, memory_order_relaxed);
}

uint64_t viz_figures_closed_count(const struct viz_figures *f, enum viz_close_reason reason)
{
	return atomic_load_explicit(&f->closed[reason], memory_order_relaxed);
}

const char *viz_figures_close_name(enum viz_close_reason reason)
{
	static const char *const names[] = {
#define X(name, text) text,
	    VIZ_CLOSE_REASONS(X)
#undef X
	};

	return names[reason];
}

void viz_figures_batch(struct viz_figures *f, size_t events, uint64_t us)
{
	size_t i = 0;

	while (i < VIZ_FIGURES_BATCHES - 1 && us > ends[i])
		i++;
	atomic_fetch_add_explicit(&f->batch[i], 1, memory_order_relaxed);
	viz_figures_add(f, VIZ_FIGURE_EVENTS, events);
	viz_figures_add(f, VIZ_FIGURE_BATCH_US, us);
}

uint64_t viz_figures_batch_count(const struct viz_figures *f, size_t i)
{
	uint64_t n = 0;

	for (size_t k = 0; k <= i; k++)
		n += atomic_load_explicit(&f->batch[k], memory_order_relaxed);
	return n;
}

uint64_t viz_figures_batch_end(size_t i)
{
	return i < VIZ_FIGURES_BATCHES - 1 ? ends[i] : 0;
}
