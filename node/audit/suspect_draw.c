/* What the draws of an origin show together: whom it strikes, whom burnt draws cost a place, and
 * turns that went back with a new log. */
#include "node/audit/facts.h"
#include "node/audit/suspect.h"
#include "node/core/core.h"
#include "node/link/net.h"
#include "node/offer/chance.h"
#include "node/trust/member.h"
#include "store/meta.h"

#define GROWTH 64 /* a new count comes with the offers of one part in so many */

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

bool viz_suspect_draw_is_time(struct viz_core *core, const struct viz_id *origin, size_t offers)
{
	uint8_t key[VIZ_META_ID_LEN];
	struct viz_slice v;
	uint64_t last = 0;

	viz_meta_id_key(key, VIZ_META_COUNTED, origin);
	if (viz_core_get(core, &v, VIZ_TABLE_META, key, sizeof key))
		last = viz_be_get_u64(v.p);
	return offers < last || (offers > last && offers >= last + last / GROWTH);
}

static void note_counted(struct viz_core *core, const struct viz_id *origin, size_t offers)
{
	uint8_t key[VIZ_META_ID_LEN], number[8];

	viz_meta_id_key(key, VIZ_META_COUNTED, origin);
	viz_be_put_u64(number, offers);
	viz_core_put(core, VIZ_TABLE_META, key, sizeof key, number, sizeof number);
}

void viz_suspect_draw(const struct viz_suspect *s, const struct viz_member *m,
		      struct viz_facts_count *count, size_t offers)
{
	struct viz_facts f;

	note_counted(s->net->core, &m->id, offers);
	viz_facts_end(count, &f);
	for (size_t i = 0; i < f.partner_count; i++) {
		const struct viz_facts_partner *p = &f.partner[i];
		struct others o = sum_others(&f, i);

		if (viz_chance_exceeded(p->drawn, p->struck, p->beside_drawn, p->beside_struck))
			viz_suspect_found(s->net->trust, &m->id, VIZ_SUSPICION_STRUCK_OFTEN, 0,
					  &p->id);
		if (viz_chance_exceeded(p->new_turns, p->burnt_turns, o.turns, o.burnt))
			viz_suspect_found(s->net->trust, &m->id, VIZ_SUSPICION_BURNT_AIMED, 0,
					  &p->id);
	}
	if (f.turn_reset != 0)
		viz_suspect_found(s->net->trust, &m->id, VIZ_SUSPICION_TURN_RESET, f.turn_reset,
				  &f.turn_reset_of);
	viz_facts_free(&f);
}
