/* Lies of the table by which an origin hides what it has done: behind a record that nobody gets,
 * behind a link that was down, behind what its partner can keep or say. */
#include "node/core/core.h"
#include "node/lead/lead.h"
#include "node/link/mail.h"
#include "node/link/net.h"
#include "node/trust/identity.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/mail.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "proto/trust.h"
#include "proto/writer.h"
#include "tests/sim/cheat.h"
#include "tests/sim/check.h"

/* The entry that changed gets the time before the newest NODE, as a PARTNERS between might have it
 * given, which is named as previous. That NODE names the one before, without this date. */
void sim_cheat_between(struct sim_world *w, const struct viz_trust *trust, struct viz_partners *p)
{
	const struct sim_cheat_node *node = &sim_cheat(w)->node[0];
	struct viz_time now = viz_identity_time(trust), at = viz_after(node->time, -1);

	if (!sim_cheat_takes(w, SIM_WAY_BETWEEN, (uint64_t)w->now) ||
	    viz_id_is_zero(&p->previous) || !viz_id_eq(&node->partners, &p->previous))
		return;
	for (size_t i = 0; i < p->count; i++) {
		struct viz_partner_entry *e = &p->entry[i];
		bool alone = i == 0 || !viz_id_eq(&e[-1].id, &e->id);

		if (e->removed.ms == now.ms && e->added.ms < at.ms)
			e->removed = at;
		else if (e->added.ms == now.ms && e->removed.ms == 0 && alone)
			e->added = at;
		else
			continue;
		p->previous.b[0] ^= 1;
		sim_liars_about(w, SIM_LIE_WAY);
		return;
	}
}

/* A night is shorter than suspicion_ms, and a day longer than VIZ_LINKED_LEAD_MS. */
#define FIRST_NIGHT_MS 120000
#define NIGHT_MS       45000
#define DAY_MS         75000

/* For how long it has been night; -1: it is day. */
static int64_t night(const struct sim_world *w)
{
	int64_t at = w->now - w->began - FIRST_NIGHT_MS;

	if (w->options.way != SIM_WAY_NIGHT || at < 0 || sim_is_quiet(w) ||
	    at % (NIGHT_MS + DAY_MS) >= NIGHT_MS)
		return -1;
	return at % (NIGHT_MS + DAY_MS);
}

bool sim_cheat_night_apart(const struct sim_world *w, unsigned a, unsigned b)
{
	unsigned last = w->count - 1, other = a == last ? b : a;

	return night(w) >= 0 && (a == last || b == last) && other % 2 == 0 &&
	       w->machine[other].lies == 0;
}

bool sim_cheat_is_late_night(const struct sim_world *w)
{
	return night(w) > w->federation.heartbeat_ms + 1000;
}

void sim_cheat_night_operate(struct sim_world *w)
{
	if (night(w) >= 0)
		sim_net_part(w); /* again: a dial may have been under way */
}

void sim_cheat_protested(struct sim_world *w, const struct sim_machine *m, uint64_t slot)
{
	struct sim_cheat *c = sim_cheat(w);
	int64_t day = (int64_t)viz_record_slot_day(slot);

	if (m->index >= SIM_CHEAT_ACKED || viz_record_slot_number(slot) >= VIZ_PROTESTS_PER_DAY)
		return;
	if (c->protests_day[m->index] != day)
		c->protests[m->index] = 0;
	c->protests_day[m->index] = day;
	c->protests[m->index]++;
}

bool sim_cheat_is_urgent(struct sim_world *w, const struct sim_machine *m)
{
	return w->options.way == SIM_WAY_PROTESTS && m->lies & SIM_LIE_WAY &&
	       !sim_cheat(w)->used_up;
}

/* The liar uses up the PROTESTs of all whom it asks; then it is deaf at its rate. */
bool sim_cheat_deaf(struct sim_world *w, struct viz_net *net, const struct viz_id *from,
		    uint64_t slot)
{
	const struct sim_machine *m = sim_machine_of(w, from);
	struct sim_cheat *c = sim_cheat(w);
	struct viz_lead *lead;
	bool spent, open;

	if (!sim_cheat_does(w, SIM_WAY_PROTESTS) || !m || m->lies != 0 ||
	    m->index >= SIM_CHEAT_ACKED)
		return false;
	spent = c->protests[m->index] == VIZ_PROTESTS_PER_DAY &&
		c->protests_day[m->index] == (int64_t)viz_record_slot_day(slot);
	if (!spent)
		return !sim_is_quiet(w);
	if (!sim_liars_takes(w, slot))
		return false;
	lead = viz_lead_fetch(net->core, slot);
	open = lead && lead->state == VIZ_LEAD_OPEN && viz_lead_find_peer(lead, from);
	free(lead);
	if (open) {
		c->used_up = true;
		sim_audit_lie(w, w->stepping, slot, SIM_LIE_WAY);
	}
	return open;
}

/* Answers the holder of the award before by a lease that ends before the CHOICE that it does not
 * know yet. */
static void lease_shorter(struct sim_world *w, struct viz_net *net, const struct viz_id *from,
			  const struct viz_mail_lease_ask *ask)
{
	struct sim_cheat_lease *l = &sim_cheat(w)->lease;
	const struct viz_self *self = &net->trust->self;
	struct viz_lease lease = {.award = l->award,
				  .hash = ask->hash,
				  .asked = ask->asked,
				  .granted = true,
				  .left_ms = 1,
				  .until = viz_after(l->again, -1)};
	struct viz_record rec = {.type = VIZ_TYPE_LEASE,
				 .author = self->author,
				 .slot = l->slot,
				 .key = self->key_number,
				 .seq = l->award_n,
				 .time = viz_identity_time(net->trust)};
	uint8_t bytes[1024];
	struct viz_slice done;
	size_t len = 0;
	VIZ_WRITER(wr, 256);

	viz_lease_write(&wr, &lease);
	done = viz_writer_done(&wr);
	rec.body = done.p;
	rec.body_len = done.len;
	VIZ_REQUIRE(viz_identity_sign(bytes, &len, sizeof bytes, NULL, &rec, &self->signer,
				      &net->core->federation_id) == VIZ_OK);
	viz_mail_statement(net, from, bytes, len);
	sim_audit_lie(w, w->stepping, l->slot, SIM_LIE_WAY);
}

void sim_cheat_leased(struct sim_world *w, struct viz_net *net, const struct viz_id *from,
		      const struct viz_mail_lease_ask *ask)
{
	struct sim_cheat_lease *l = &sim_cheat(w)->lease;
	struct viz_lead *lead;

	if (!sim_cheat_does(w, SIM_WAY_SHORT_LEASE))
		return;
	if (w->now < l->hidden_until) {
		if (viz_id_eq(&ask->award, &l->award) && viz_id_eq(from, &l->to))
			lease_shorter(w, net, from, ask);
		return;
	}
	lead = viz_lead_of_award(net->core, &ask->award);
	if (lead && viz_id_eq(&lead->award_to, from) && sim_cheat_harms(w, from) &&
	    lead->lease_until.ms > net->core->now.ms && sim_liars_takes(w, lead->slot))
		*l = (struct sim_cheat_lease){.slot = lead->slot,
					      .award_n = lead->award_n,
					      .award = lead->award,
					      .to = *from,
					      .until = lead->lease_until};
	free(lead);
}

#define HIDDEN_MS 12000 /* the holder asks again meanwhile: lease_ms */

void sim_cheat_chosen(struct sim_world *w, struct viz_net *net, uint64_t slot)
{
	struct sim_cheat_lease *l = &sim_cheat(w)->lease;

	if (!sim_cheat_does(w, SIM_WAY_SHORT_LEASE) || l->again.ms != 0 || l->slot == 0 ||
	    slot != viz_record_slot_choice(l->slot, l->award_n + 1) ||
	    viz_identity_time(net->trust).ms >= l->until.ms)
		return;
	l->again = viz_identity_time(net->trust);
	l->hidden_until = w->now + HIDDEN_MS;
}

bool sim_cheat_hides_choice(const struct sim_world *w, const struct sim_machine *m,
			    const struct sim_machine *to, const struct viz_record *rec)
{
	const struct sim_cheat_lease *l = w->cheat ? &w->cheat->lease : NULL;

	return w->options.way == SIM_WAY_SHORT_LEASE && l && w->now < l->hidden_until && to &&
	       to->lies == 0 && m->lies & SIM_LIE_WAY && rec->type == VIZ_TYPE_CHOICE &&
	       viz_id_eq(&rec->author, &m->author) &&
	       rec->slot >= viz_record_slot_choice(l->slot, l->award_n + 1) &&
	       viz_record_slot_offer(rec->slot) == l->slot;
}
