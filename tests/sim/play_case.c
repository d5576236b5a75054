/* Customers who move, and the agent at the origin: look-up, offer, proposals, choice, second
 * choice, revocation. */
#include "node/offer/chance.h"
#include "node/control/request.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/geo/cell.h"
#include "proto/limits.h"
#include "tests/sim/play.h"

static bool in_way(const struct sim_world *w, const struct sim_machine *m, enum sim_way way)
{
	return w->options.way == way && m->lies & SIM_LIE_WAY;
}

/* Whether the customers of this one are all against one partner. */
static bool has_victim(const struct sim_world *w, const struct sim_machine *m)
{
	return in_way(w, m, SIM_WAY_STRIKES) || in_way(w, m, SIM_WAY_BURNS);
}

/* One of so many times an operator is looked at a customer comes. The liar has most of them, unless
 * it lies as a partner. */
static uint64_t how_often(const struct sim_world *w, const struct sim_machine *m)
{
	if (w->options.busy)
		return 4;
	if (w->options.way == SIM_WAY_PLEDGES || w->options.way == SIM_WAY_UNERASED)
		return m->lies & w->options.cheat ? 60 : w->count;
	if (w->options.cheat == 0)
		return 12 + w->count;
	return m->lies & w->options.cheat ? 2 : 60;
}

void sim_case_maybe_new(struct sim_world *w, struct sim_machine *m)
{
	struct sim_play *p = w->play;
	struct sim_case *c;
	uint64_t often = how_often(w, m);

	if (m->revoked || !sim_once_in(&w->rng, often) || w->now + 10000 > w->quiet_at)
		return;
	p->cases = sim_more(p->cases, p->case_count, &p->case_capacity, sizeof *p->cases);
	c = &p->cases[p->case_count];
	*c = (struct sim_case){.origin = m->index,
			       .number = ++p->case_count,
			       .next_at = w->now,
			       .municipality = (uint32_t)sim_below(&w->rng, SIM_MUNICIPALITIES),
			       .struck = sim_once_in(&w->rng, 8),
			       .comes_back = m->lies == 0 && sim_once_in(&w->rng, 3),
			       .patience_ms = 4000 + (int64_t)sim_below(&w->rng, 20000)};
	if (has_victim(w, m)) {
		c->struck = sim_liars_takes(w, c->number);
		if (p->victim[0] != '\0') /* they live where it is */
			c->municipality = p->victim_municipality;
	}
	/* a question for a lease stands for long, and one for a location until the window ends */
	if (sim_once_in(&w->rng, 4) && !in_way(w, m, SIM_WAY_UNLEASED) &&
	    !in_way(w, m, SIM_WAY_PROTESTS))
		c->revoke_at = w->now + (int64_t)sim_below(&w->rng, 60000);
}

/* Every second case has a cell for its area, where one holds the place. */
static void place(char *out, size_t max, const struct sim_case *c)
{
	const struct viz_point p = {SIM_CANARY_LAT + (int)(c->number * 211 % 65000),
				    SIM_CANARY_LON + (int)(c->number * 307 % 65000)};
	uint64_t cell = c->number % 2 ? viz_cell_around(p, 10, VIZ_AREA_LEVEL) : 0;

	snprintf(out, max,
		 "{\"municipality\":{\"code\":%u},\"cep\":%u,\"precision_m\":10,\"lat_udeg\":%d,"
		 "\"lon_udeg\":%d,"
		 "\"cell\":%llu}",
		 sim_municipality(c->municipality),
		 sim_cep(c->municipality) + 101 + (uint32_t)(c->number * 37 % 800), p.lat_udeg,
		 p.lon_udeg, (unsigned long long)cell);
}

static void contact(char *out, size_t max, const struct sim_case *c)
{
	unsigned long long n = c->number;

	snprintf(out, max,
		 "{\"name\":\"" SIM_CANARY_NAME "%llu\",\"phone\":\"" SIM_CANARY_PHONE
		 "%07llu\",\"address\":\"" SIM_CANARY_STREET "%llu\",\"date\":\"2026-12-01\"}",
		 n, n, n);
}

void sim_case_free(struct sim_case *c)
{
	free(c->text);
	free(c->contact_text);
	free(c->later_text);
	c->text = c->contact_text = c->later_text = NULL;
}

/* Writes "strike":[...] when the customer strikes a partner. */
static void strikes(char out[100], const struct sim_case *c)
{
	out[0] = '\0';
	if (c->struck && c->strike[0] != '\0')
		snprintf(out, 100, "\"strike\":[\"%s\"],", c->strike);
}

/* Makes the draw; or reads its names again without the one that is struck. */
static void look_up(struct sim_world *w, struct sim_machine *m, size_t ref)
{
	const struct sim_case *c = &w->play->cases[ref];
	char at[256], strike[100], drawn[32] = "";

	place(at, sizeof at, c);
	strikes(strike, c);
	if (c->draw != 0)
		snprintf(drawn, sizeof drawn, "\"draw\":%u,", c->draw);
	sim_ask(w, m, SIM_ASK_LOOKUP, ref, "{\"op\":\"lead.draw\",\"args\":{%s%s\"place\":%s}}",
		drawn, strike, at);
}

/* Writes "previous":... for a customer who had an offer before. */
static void names_previous(char out[48], const struct sim_case *c)
{
	char slot[VIZ_SLOT_TEXT_MAX];

	out[0] = '\0';
	if (c->previous == 0)
		return;
	viz_request_slot_text(slot, c->previous);
	snprintf(out, 48, "\"previous\":\"%s\",", slot);
}

/* The customer wants another offer. */
static void come_back(struct sim_world *w, struct sim_case *c)
{
	c->comes_back = false;
	c->previous = c->slot;
	c->slot = 0;
	c->draw = 0;
	c->choices = 0;
	c->strike[0] = '\0';
	c->revoke_at = 0;
	c->step = SIM_CASE_NEW;
	c->next_at = w->now + 500;
}

bool sim_case_same(const struct sim_world *w, unsigned origin, uint64_t a, uint64_t b)
{
	for (size_t i = 0; i < w->play->case_count; i++) {
		const struct sim_case *c = &w->play->cases[i];

		if (c->origin == origin && c->previous != 0 &&
		    ((c->slot == a && c->previous == b) || (c->slot == b && c->previous == a)))
			return true;
	}
	return false;
}

static void offer(struct sim_world *w, struct sim_machine *m, size_t ref)
{
	struct sim_case *c = &w->play->cases[ref];
	bool later = strlen(c->later_text) > 2;
	char at[256], who[512], strike[100], previous[48], drawn[32] = "";

	place(at, sizeof at, c);
	contact(who, sizeof who, c);
	strikes(strike, c);
	names_previous(previous, c);
	c->single = strlen(c->contact_text) > 2;
	if (!later)
		snprintf(drawn, sizeof drawn, "\"draw\":%u,", c->draw);
	sim_ask(w, m, SIM_ASK_OFFER, ref,
		"{\"op\":\"lead.%s\",\"args\":{%s\"protocol\":\"P%llu\",\"place\":%s,%s%s"
		"\"consent\":{\"given\":true,\"contact_given\":true,\"text\":%s,\"contact_text\":%"
		"s}%s%s}}",
		later ? "later" : "offer", drawn, (unsigned long long)c->number, at,
		later ? "" : strike, previous, later ? c->later_text : c->text, c->contact_text,
		c->single ? ",\"contact\":" : "", c->single ? who : "");
}

/* The customer has heard the names and refuses. */
static void refuse(struct sim_world *w, struct sim_machine *m, size_t ref)
{
	sim_ask(w, m, SIM_ASK_ANYTHING, 0, "{\"op\":\"lead.refuse\",\"args\":{\"draw\":%u}}",
		w->play->cases[ref].draw);
	w->play->cases[ref].step = SIM_CASE_OVER;
}

static void ask_proposals(struct sim_world *w, struct sim_machine *m, size_t ref)
{
	char slot[VIZ_SLOT_TEXT_MAX];

	viz_request_slot_text(slot, w->play->cases[ref].slot);
	sim_ask(w, m, SIM_ASK_PROPOSALS, ref,
		"{\"op\":\"lead.proposals\",\"args\":{\"lead\":\"%s\"}}", slot);
}

static void revoke(struct sim_world *w, struct sim_machine *m, size_t ref)
{
	char slot[VIZ_SLOT_TEXT_MAX];

	viz_request_slot_text(slot, w->play->cases[ref].slot);
	sim_ask(w, m, SIM_ASK_REVOKE, ref, "{\"op\":\"lead.revoke\",\"args\":{\"lead\":\"%s\"}}",
		slot);
}

/* Does one step of one case. A request without reply is sent again after a while. */
static void advance(struct sim_world *w, struct sim_machine *m, size_t ref)
{
	struct sim_case *c = &w->play->cases[ref];

	c->next_at = w->now + 3000 + (int64_t)sim_below(&w->rng, 2000);
	if (c->slot != 0 && c->revoke_at != 0 && c->revoke_at <= w->now) {
		revoke(w, m, ref);
		return;
	}
	switch (c->step) {
	case SIM_CASE_NEW:
		look_up(w, m, ref);
		break;
	case SIM_CASE_OFFERED:
	case SIM_CASE_AWARDED:
		ask_proposals(w, m, ref);
		break;
	case SIM_CASE_OVER:
		break;
	}
}

void sim_case_operate(struct sim_world *w, struct sim_machine *m)
{
	for (size_t i = 0; i < w->play->case_count; i++) {
		const struct sim_case *c = &w->play->cases[i];

		if (c->origin == m->index && c->step != SIM_CASE_OVER && c->next_at <= w->now)
			advance(w, m, i);
	}
}

/* Whom the customer strikes: the first in the list. Customers of one that strikes always the same
 * strike whom the first of them struck, and nobody when that one is not drawn. */
static json_t *to_strike(struct sim_world *w, const struct sim_machine *m, const struct sim_case *c,
			 json_t *partners)
{
	json_t *first = json_array_get(partners, 0), *p;
	char *victim = w->play->victim;
	size_t i;

	if (!has_victim(w, m))
		return first;
	if (victim[0] == '\0' && json_array_size(partners) > 1) {
		snprintf(victim, sizeof w->play->victim, "%s",
			 json_string_value(json_object_get(first, "id")));
		w->play->victim_municipality = c->municipality;
	}
	json_array_foreach(
	    partners, i, p) if (strcmp(json_string_value(json_object_get(p, "id")), victim) == 0 &&
				json_is_true(json_object_get(p, "drawn"))) return p;
	return NULL;
}

/* A draw has the victim. */
static void count_victim(struct sim_world *w, bool struck)
{
	struct sim_play *p = w->play;

	p->victim_drawn++;
	p->victim_struck += struck;
	if (struck && p->victim_since == 0)
		p->victim_since = w->now;
}

static void tell_victim(struct sim_world *w, struct sim_machine *m)
{
	const struct sim_play *p = w->play;

	if (viz_chance_exceeded(p->victim_drawn, p->victim_struck, p->beside_victim, 0))
		sim_audit_lie_since(w, m, 0, SIM_LIE_WAY, p->victim_since);
}

/* Counts the draws that had the victim. When nobody would call its strikes chance any more, the lie
 * is out. */
static void count_strike(struct sim_world *w, struct sim_machine *m, const struct sim_case *c)
{
	struct sim_play *p = w->play;

	if (in_way(w, m, SIM_WAY_BURNS))
		tell_victim(w, m);
	if (!in_way(w, m, SIM_WAY_STRIKES) || !c->has_victim)
		return;
	count_victim(w, c->strike[0] != '\0');
	p->beside_victim += (uint32_t)c->drawn - 1;
	tell_victim(w, m);
}

/* Whether the customer refuses, as the names have the victim. `turns`: somebody was not drawn, so
 * that those drawn get a new turn. */
static bool burns(struct sim_world *w, const struct sim_case *c, bool turns)
{
	struct sim_play *p = w->play;

	if (c->draw == 0 || !turns || !c->has_victim) {
		p->beside_victim += c->draw != 0 && turns;
		return false;
	}
	count_victim(w, c->struck);
	return c->struck;
}

/* A text with its quotes; "\"\"" when it does not apply. */
static char *quoted(const json_t *o, const char *name)
{
	const json_t *text = json_object_get(o, name);
	char *out = text ? json_dumps(text, JSON_ENCODE_ANY) : strdup("\"\"");

	VIZ_REQUIRE(out);
	return out;
}

static void looked_up(struct sim_world *w, struct sim_machine *m, size_t ref, json_t *result)
{
	struct sim_case *c = &w->play->cases[ref];
	json_t *partners = json_object_get(result, "partners"),
	       *first = to_strike(w, m, c, partners), *consent = json_object_get(result, "consent"),
	       *p;
	size_t drawn = 0, i;

	if (c->step != SIM_CASE_NEW || !consent) {
		c->draw = 0; /* it is over: another one is made */
		return;
	}
	c->draw = (uint32_t)json_integer_value(json_object_get(result, "draw"));
	json_array_foreach(partners, i, p) drawn += json_is_true(json_object_get(p, "drawn"));
	sim_case_free(c);
	c->text = quoted(consent, "text");
	c->contact_text = quoted(consent, "contact_text");
	c->later_text = quoted(consent, "later_text");
	if (c->strike[0] == '\0') {
		c->has_victim = first != NULL;
		c->drawn = (unsigned)drawn;
	}
	if (in_way(w, m, SIM_WAY_BURNS) ? burns(w, c, drawn < json_array_size(partners))
					: c->draw != 0 && sim_once_in(&w->rng, 9)) {
		refuse(w, m, ref);
	} else if (c->struck && c->strike[0] == '\0' && drawn > 1 && first &&
		   !in_way(w, m, SIM_WAY_BURNS)) {
		snprintf(c->strike, sizeof c->strike, "%s",
			 json_string_value(json_object_get(first, "id")));
		look_up(w, m, ref); /* reads the text again without that name */
	} else {
		offer(w, m, ref);
	}
}

/* Whether the offer before must end first. It is told to. */
static bool waits_for_previous(json_t *error)
{
	const char *code = json_string_value(json_object_get(error, "code"));

	return code && strncmp(code, "previous-", 9) == 0 && strcmp(code, "previous-named") != 0;
}

static void offered(struct sim_world *w, struct sim_machine *m, size_t ref, bool ok, json_t *result)
{
	struct sim_case *c = &w->play->cases[ref];
	json_t *lead = json_object_get(result, "lead");
	const char *slot = json_string_value(json_object_get(lead, "id"));
	const char *state = json_string_value(json_object_get(lead, "state"));

	if (!ok && waits_for_previous(result)) {
		c->next_at = w->now + 2000;
		return;
	}
	if (!ok || !slot || viz_request_slot_parse(&c->slot, slot) != VIZ_OK) {
		c->step = SIM_CASE_OVER; /* a partner was blocked meanwhile */
		return;
	}
	w->play->offers++;
	count_strike(w, m, c);
	w->play->returns += c->previous != 0;
	sim_promise_lead(w, m, c->slot, 0, false);
	c->step = strcmp(state, "open") == 0 ? SIM_CASE_OFFERED : SIM_CASE_OVER;
	c->next_at = w->now + 2000;
}

static void choose(struct sim_world *w, struct sim_machine *m, size_t ref, json_t *proposals)
{
	struct sim_case *c = &w->play->cases[ref];
	json_t *p = json_array_get(proposals, sim_below(&w->rng, json_array_size(proposals)));
	char slot[VIZ_SLOT_TEXT_MAX], who[512], *text;

	viz_request_slot_text(slot, c->slot);
	contact(who, sizeof who, c);
	if (c->choices == 0 && sim_once_in(&w->rng, 10)) {
		sim_ask(w, m, SIM_ASK_ANYTHING, 0,
			"{\"op\":\"lead.choose\",\"args\":{\"lead\":\"%s\",\"none\":true}}", slot);
		return;
	}
	text = quoted(p, "consent_text");
	sim_ask(w, m, SIM_ASK_CHOOSE, ref,
		"{\"op\":\"lead.choose\",\"args\":{\"lead\":\"%s\",\"peer\":\"%s\",\"contact\":%s,"
		"\"consent\":{\"given\":true,\"text\":%s}}}",
		slot, json_string_value(json_object_get(p, "id")), who, text);
	free(text);
}

/* How long the customer waits for a call. Customers of one that awards twice wait while the lease
 * still runs. */
static int64_t patience(const struct sim_world *w, const struct sim_machine *m,
			const struct sim_case *c)
{
	if (in_way(w, m, SIM_WAY_SHORT_LEASE))
		return 3000;
	if (in_way(w, m, SIM_WAY_UNLEASED))
		return 10 * w->federation.suspicion_ms;
	return m->lies & SIM_LIE_TWICE ? 5000 : c->patience_ms;
}

static void proposals(struct sim_world *w, struct sim_machine *m, size_t ref, json_t *result)
{
	struct sim_case *c = &w->play->cases[ref];
	json_t *lead = json_object_get(result, "lead"),
	       *list = json_object_get(result, "proposals");
	const char *state = json_string_value(json_object_get(lead, "state"));
	json_int_t award = json_integer_value(json_object_get(lead, "award"));

	if (strcmp(state, "choosing") == 0 && json_array_size(list) > 0) {
		if (!sim_once_in(&w->rng, 6)) /* otherwise the offer waits for a while */
			choose(w, m, ref, list);
	} else if (strcmp(state, "awarded") == 0 || strcmp(state, "delivered") == 0 ||
		   strcmp(state, "lost") == 0 || strcmp(state, "contacted") == 0) {
		if (c->step == SIM_CASE_OFFERED) {
			c->step = SIM_CASE_AWARDED;
			c->next_at = w->now + patience(w, m, c);
		} else if (c->comes_back) {
			come_back(w, c);
		} else if (award < 4 && json_array_size(list) > 0) {
			choose(w, m, ref, list);
		}
	} else if (strcmp(state, "open") != 0 && strcmp(state, "closed") != 0 &&
		   c->revoke_at == 0) {
		c->step = SIM_CASE_OVER;
		if (c->comes_back)
			come_back(w, c);
	}
}

static void ask_proof(struct sim_world *w, struct sim_machine *m, size_t ref)
{
	char slot[VIZ_SLOT_TEXT_MAX];

	viz_request_slot_text(slot, w->play->cases[ref].slot);
	sim_ask(w, m, SIM_ASK_PROOF, ref, "{\"op\":\"lead.proof\",\"args\":{\"lead\":\"%s\"}}",
		slot);
}

/* The customer shows the proof to all others. */
static void show_proof(struct sim_world *w, struct sim_machine *m, const struct sim_case *c,
		       const char *line)
{
	VIZ_REQUIRE(line);
	for (unsigned i = 0; i < w->count; i++)
		if (w->machine[i].node && w->machine[i].lies == 0)
			sim_ask(w, &w->machine[i], SIM_ASK_ANYTHING, 0,
				"{\"op\":\"consent.verify\",\"args\":{\"line\":\"%s\"}}", line);
	sim_audit_lie(w, m, c->slot, SIM_LIE_WAY);
}

void sim_case_reply(struct sim_world *w, struct sim_machine *m, const struct sim_query *q, bool ok,
		    json_t *result)
{
	struct sim_case *c = &w->play->cases[q->ref];
	json_t *lead = json_object_get(result, "lead");
	unsigned award = (unsigned)json_integer_value(json_object_get(lead, "award"));

	switch (q->ask) {
	case SIM_ASK_LOOKUP:
		looked_up(w, m, q->ref, result);
		break;
	case SIM_ASK_OFFER:
		offered(w, m, q->ref, ok, result);
		break;
	case SIM_ASK_PROPOSALS:
		if (ok)
			proposals(w, m, q->ref, result);
		break;
	case SIM_ASK_CHOOSE:
		if (!ok)
			break;
		c->step = SIM_CASE_AWARDED;
		c->next_at = w->now + patience(w, m, c);
		w->play->second += c->choices++ > 0;
		w->play->awards++;
		sim_promise_lead(w, m, c->slot, award, false);
		if (in_way(w, m, SIM_WAY_PROOF) && sim_liars_takes(w, c->slot))
			ask_proof(w, m, q->ref);
		break;
	case SIM_ASK_PROOF:
		if (ok)
			show_proof(w, m, c, json_string_value(json_object_get(result, "line")));
		break;
	case SIM_ASK_REVOKE:
		c->step = SIM_CASE_OVER;
		if (ok) {
			w->play->revocations++;
			sim_promise_lead(w, m, c->slot, award, true);
			if (c->comes_back)
				come_back(w, c);
		}
		break;
	case SIM_ASK_ANYTHING:
	case SIM_ASK_COVERAGE:
	case SIM_ASK_INVITE:
	case SIM_ASK_ACCEPT:
	case SIM_ASK_TRUST:
	case SIM_ASK_INBOX:
	case SIM_ASK_SHOW:
	case SIM_ASK_CONTACTED:
	case SIM_ASK_EXPORT:
		break;
	}
}
