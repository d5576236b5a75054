#include "node/host/random.h"

#include <errno.h>
#include <sys/random.h>

void viz_host_random(uint8_t *out, size_t len)
{
	while (len > 0) {
		ssize_t n = getrandom(out, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		VIZ_REQUIRE(n > 0);
		out += n;
		len -= (size_t)n;
	}
}
