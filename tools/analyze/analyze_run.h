/* `vizinho analyze FILE...`: the door of this folder.
 *
 *   vizinho analyze [--map ROLE=COLUMN,...] [--coverage FILE]... [--partner NAME=FILE]...
 *                   [--json | --csv] [--html FILE] [--rejects FILE|none] [--addresses]
 *                   [--today AAAA-MM-DD] [--lang TAG] FILE... (- is standard input)
 *
 * Rejects go to FILE.rejects.csv beside the (first) input, only when there are any; standard input
 * has no such place, so there they are counted only, unless --rejects names one.
 * The exit status is 0, 1 when a file could not be used or something not be written, 2 for wrong
 * options. */
#ifndef VIZ_ANALYZE_ANALYZE_RUN_H
#define VIZ_ANALYZE_ANALYZE_RUN_H

#include "tools/analyze/coverage.h"

/* What a running node knows of itself and its partners: filled by the `vizinho` command from the
 * control socket. --coverage and --partner come on top. Borrowed for the call. */
struct viz_analyze_network {
	const struct viz_coverage_ad *self; /* NULL: unknown */
	const struct viz_coverage_ad *partners;
	size_t partners_n;
};

/* argv[0] is the command's name. `lang` may be NULL (then --lang or the environment decides), as
 * may `network`. */
int viz_analyze_run(int argc, char **argv, bool json, const char *lang,
		    const struct viz_analyze_network *network);

#endif
