#include "node/host/run.h"
#include "node/host/syscalls.h"

int main(int argc, char **argv)
{
	static const struct viz_host_options options = {
	    .limits = VIZ_HOST_LIMITS_DEFAULT,
#ifdef VIZ_STRICT
	    .strict = true,
#endif
#ifdef VIZ_SANITIZED
	    .keep_dumpable = true,
#endif
	};

	return viz_host_run(argc, argv, &options);
}
