#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

#include "tools/analyze/report.h"
#include "tools/analyze/calendar.h"
#include "tools/analyze/value.h"

static struct viz_analysis a;
static struct viz_coverage coverage;

static void open_tables(void)
{
	static struct viz_gazetteer *g;

	VIZ_REQUIRE(viz_gazetteer_open(&g, NULL) == 0);
	a.gazetteer = g;
	VIZ_REQUIRE(viz_towns_new(&a.towns, g) == 0 && viz_reason_new(&a.reasons) == 0);
	VIZ_REQUIRE(viz_coverage_init(&coverage, a.towns) == 0);
	a.coverage = &coverage;
	a.today = viz_calendar_days(2025, 12, 31);
	VIZ_REQUIRE(viz_totals_init(&a.totals, viz_towns_count(a.towns)) == 0);
	VIZ_REQUIRE(viz_rejects_open(&a.rejects, NULL) == 0);
}

/* Any file is read or has a fault, and every row and every mover is counted once. The first byte
 * selects whether all rows are movers. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct viz_totals *t = &a.totals;
	int fd;

	if (len == 0)
		return 0;
	if (!a.gazetteer)
		open_tables();
	fd = memfd_create("fuzz", 0);
	VIZ_REQUIRE(fd >= 0 && write(fd, data + 1, len - 1) == (ssize_t)(len - 1));
	lseek(fd, 0, SEEK_SET);
	a.files = 0;
	a.all_movers = data[0] & 1;
	VIZ_REQUIRE(viz_analyze_file(&a, "fuzz", fd) == 0 || a.fault != VIZ_FILE_SOUND);
	VIZ_REQUIRE(t->rows == t->rejected + t->active + t->in_force + t->undone + t->cancelled);
	VIZ_REQUIRE(t->movers == t->located + t->asked_not + t->unresolved);
	close(fd);
	return 0;
}
