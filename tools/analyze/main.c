/* The analysis as a program of its own: `vizinho-analyze FILE...`, for places without a node. */
#include "tools/analyze/cmd_analyze.h"

int main(int argc, char **argv)
{
	return viz_cmd_analyze(argc, argv, false, NULL, NULL);
}
