#include "tools/vizinho/main.h"

int main(int argc, char **argv)
{
	return viz_main_run(argc, argv);
}
