/* The analysis as a program of its own: `vizinho-analyze FILE...`, for places without a node. */
#include "tools/analyze/analyze_run.h"

int main(int argc, char **argv)
{
	return viz_analyze_run(argc, argv, false, NULL, NULL);
}
