/* A process dies between any two of its writes. The linker replaces the store's commit and the
 * vault's wipe with these functions (--wrap). From the chosen point on nothing reaches the disk. */
#include "tests/sim/sim.h"
#include "proto/base.h"
#include "store/backend.h"

int __real_viz_store_commit(struct viz_store *s);
int __wrap_viz_store_commit(struct viz_store *s);
int __real_viz_vault_wipe(struct viz_vault *v);
int __wrap_viz_vault_wipe(struct viz_vault *v);

static unsigned left; /* points that still pass before the crash; 0: no crash is planned */
static bool hit;

void sim_crash_arm(unsigned point)
{
	left = point;
	hit = false;
}

bool sim_crash_hit(void)
{
	return hit;
}

static bool die_here(void)
{
	if (left > 0 && --left == 0)
		hit = true;
	return hit;
}

int __wrap_viz_store_commit(struct viz_store *s)
{
	int err;

	if (die_here())
		return VIZ_ERR_STORE;
	err = __real_viz_store_commit(s);
	return die_here() ? VIZ_ERR_STORE : err;
}

int __wrap_viz_vault_wipe(struct viz_vault *v)
{
	int err;

	if (die_here())
		return VIZ_ERR_STORE;
	err = __real_viz_vault_wipe(v);
	return die_here() ? VIZ_ERR_STORE : err;
}
