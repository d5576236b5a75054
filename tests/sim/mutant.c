/* Checks of the core that are broken on purpose (--mutant). The linker replaces the calls
 * (--wrap). */
#include "node/lead/restart.h"
#include "node/trust/own.h"
#include "proto/base.h"
#include "tests/sim/search.h"

int __real_viz_own_judge(struct viz_trust *trust, const struct viz_record *rec);
int __wrap_viz_own_judge(struct viz_trust *trust, const struct viz_record *rec);
bool __real_viz_lead_restart_may_close(struct viz_trust *trust, const struct viz_lead *lead);
bool __wrap_viz_lead_restart_may_close(struct viz_trust *trust, const struct viz_lead *lead);

static enum { NONE, OWN, CLOSE } mutant;

bool sim_mutant_set(const char *name)
{
	mutant = strcmp(name, "own") == 0 ? OWN : strcmp(name, "close") == 0 ? CLOSE : NONE;
	return mutant != NONE;
}

/* own: what a node is shown of its own is never newer than what it knows. */
int __wrap_viz_own_judge(struct viz_trust *trust, const struct viz_record *rec)
{
	return mutant == OWN ? VIZ_OK : __real_viz_own_judge(trust, rec);
}

/* close: CLOSE waits for nobody. */
bool __wrap_viz_lead_restart_may_close(struct viz_trust *trust, const struct viz_lead *lead)
{
	return mutant == CLOSE || __real_viz_lead_restart_may_close(trust, lead);
}
