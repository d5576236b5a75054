#include "tests/fuzz/fuzz.h"

#include "proto/geo/region.h"

/* A decoded region is normalised, and encoding it again gives the same region. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint64_t cells[4096], again[4096];
	static uint8_t bytes[VIZ_REGION_BOUND(4096)];
	size_t n = 0, m = 0, out = 0;

	if (viz_region_decode(cells, &n, 4096, data, len) != 0)
		return 0;
	VIZ_REQUIRE(n <= 4096 && viz_region_is_normalised(cells, n));
	VIZ_REQUIRE(viz_region_encode(bytes, &out, sizeof bytes, cells, n) == 0);
	VIZ_REQUIRE(viz_region_decode(again, &m, 4096, bytes, out) == 0 && m == n);
	VIZ_REQUIRE(memcmp(cells, again, n * sizeof *cells) == 0);
	return 0;
}
