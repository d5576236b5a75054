/* What the draws of an origin show together: whom it strikes, whom burnt draws cost a place, and
 * turns that went back with a new log. */
#include "node/audit/chance.h"
#include "node/audit/facts.h"
#include "node/audit/suspect.h"
#include "node/link/net.h"
#include "node/trust/member.h"

/* Sums over the others. */
struct others {
	uint32_t turns, burnt;
};

static struct others sum_others(const struct viz_facts *f, size_t but)
{
	struct others o = {0};

	for (size_t i = 0; i < f->partner_count; i++)
		if (i != but) {
			o.turns += f->partner[i].new_turns;
			o.burnt += f->partner[i].burnt_turns;
		}
	return o;
}

void viz_suspect_draws(const struct viz_suspect *s, const struct viz_member *m)
{
	struct viz_facts f;

	viz_facts_count(s->net->core, &f, &m->id);
	for (size_t i = 0; i < f.partner_count; i++) {
		const struct viz_facts_partner *p = &f.partner[i];
		struct others o = sum_others(&f, i);

		if (viz_chance_exceeded(p->drawn, p->struck, p->beside_drawn,
					p->beside_struck))
			viz_suspect_found(s->net, &m->id, VIZ_SUSPICION_STRUCK_OFTEN, 0, &p->id);
		if (viz_chance_exceeded(p->new_turns, p->burnt_turns, o.turns, o.burnt))
			viz_suspect_found(s->net, &m->id, VIZ_SUSPICION_BURNT_AIMED, 0, &p->id);
	}
	if (f.turn_reset != 0)
		viz_suspect_found(s->net, &m->id, VIZ_SUSPICION_TURN_RESET, f.turn_reset,
				  &f.turn_reset_of);
	viz_facts_free(&f);
}
