/* The main function of the command, so that tests can call it. */
#ifndef VIZ_TOOLS_VIZINHO_MAIN_H
#define VIZ_TOOLS_VIZINHO_MAIN_H

/* Returns an enum viz_exit. */
int viz_main_run(int argc, char **argv);

#endif
