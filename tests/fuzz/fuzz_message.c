/* Messages other than records. The first byte selects the decoder. A decoded message encodes to
 * the same bytes. */
#include "tests/fuzz/fuzz.h"

#include "proto/message.h"
#include "proto/offer.h"
#include "proto/geo/region.h"
#include "tests/unit/proto/codec.h"

static const char *const names[] = {"message",  "hello",   "OFFER", "CLOSE",     "proposal",
				    "location", "contact", "area",  "federation"};

static void region(const uint8_t *data, size_t len)
{
	enum { MAX = 4096 };
	static uint64_t cells[MAX], again[MAX];
	static uint8_t bytes[VIZ_REGION_BOUND(MAX)];
	size_t n, m, bytes_len = 0;

	if (viz_region_decode(cells, &n, MAX, data, len) != VIZ_OK)
		return;
	VIZ_REQUIRE(n <= MAX && viz_region_is_normalised(cells, n));
	/* the compressor may choose other bytes for the same cells */
	VIZ_REQUIRE(viz_region_encode(bytes, &bytes_len, sizeof bytes, cells, n) == VIZ_OK);
	VIZ_REQUIRE(viz_region_decode(again, &m, MAX, bytes, bytes_len) == VIZ_OK && m == n);
	VIZ_REQUIRE(n == 0 || memcmp(cells, again, n * sizeof *cells) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t out[2 * VIZ_FRAME_MAX];
	size_t again = 0, which;
	int err;

	if (len == 0)
		return 0;
	which = data[0] % (sizeof names / sizeof *names + 1);
	data++;
	len--;
	if (which == sizeof names / sizeof *names) {
		region(data, len);
	} else {
		err = viz_codec_again(out, &again, sizeof out, names[which], data, len);
		VIZ_REQUIRE(err != VIZ_ERR_ABSENT && err != VIZ_ERR_STATE);
		VIZ_REQUIRE(err != VIZ_OK || (again == len && memcmp(out, data, len) == 0));
	}
	return 0;
}
