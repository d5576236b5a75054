#include "node/host/run.h"

int main(int argc, char **argv)
{
	static const struct viz_host_options options = {.limits = VIZ_HOST_LIMITS_DEFAULT};

	return viz_host_run(argc, argv, &options);
}
