/* A check of the core that is broken on purpose (--mutant). The linker replaces the calls
 * (--wrap). */
#include "node/trust/own.h"
#include "proto/base.h"
#include "tests/sim/search.h"

int __real_viz_own_judge(struct viz_trust *trust, const struct viz_record *rec);
int __wrap_viz_own_judge(struct viz_trust *trust, const struct viz_record *rec);

static bool blind;

bool sim_mutant_set(const char *name)
{
	blind = strcmp(name, "own") == 0;
	return blind;
}

/* own: whatever a node is shown of its own, it goes on, and numbers of its log come twice. */
int __wrap_viz_own_judge(struct viz_trust *trust, const struct viz_record *rec)
{
	return blind ? VIZ_OK : __real_viz_own_judge(trust, rec);
}
