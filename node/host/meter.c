#include "node/host/meter.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "node/core/figures.h"

#define MEASURE_MS 1000

void viz_host_meter_open(struct viz_meter *m)
{
	m->fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	m->measured_ms = 0;
}

/* statm: pages of the address space, and those in memory (proc(5)). */
static uint64_t resident_bytes(const struct viz_meter *m)
{
	unsigned long size, resident;
	char text[128];
	ssize_t n = pread(m->fd, text, sizeof text - 1, 0);

	if (n <= 0)
		return 0;
	text[n] = '\0';
	if (sscanf(text, "%lu %lu", &size, &resident) != 2)
		return 0;
	return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

void viz_host_meter_read(struct viz_meter *m, struct viz_figures *figures, uint64_t now_ms)
{
	struct timespec cpu;

	if (m->measured_ms != 0 && now_ms - m->measured_ms < MEASURE_MS)
		return;
	m->measured_ms = now_ms;
	if (m->fd >= 0)
		viz_figures_set(figures, VIZ_FIGURE_RESIDENT_BYTES, resident_bytes(m));
	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu) == 0)
		viz_figures_set(figures, VIZ_FIGURE_CPU_US,
				(uint64_t)cpu.tv_sec * 1000000 + (uint64_t)cpu.tv_nsec / 1000);
}
