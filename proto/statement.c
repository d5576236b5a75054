#include "proto/statement.h"

static void read_ids(struct viz_reader *r, size_t n, struct viz_id *a, struct viz_id *b)
{
	viz_reader_tuple(r, n);
	*a = viz_reader_id(r);
	*b = viz_reader_id(r);
}

void viz_coverage_ack_write(struct viz_writer *w, const struct viz_coverage_ack *s)
{
	viz_writer_array(w, 2);
	viz_writer_id(w, &s->publisher);
	viz_writer_id(w, &s->coverage);
}

void viz_coverage_ack_read(struct viz_reader *r, struct viz_coverage_ack *s)
{
	read_ids(r, 2, &s->publisher, &s->coverage);
}

void viz_offer_ack_write(struct viz_writer *w, const struct viz_offer_ack *s)
{
	viz_writer_array(w, 2);
	viz_writer_id(w, &s->offer);
	viz_writer_id(w, &s->subject);
}

void viz_offer_ack_read(struct viz_reader *r, struct viz_offer_ack *s)
{
	read_ids(r, 2, &s->offer, &s->subject);
}

void viz_reveal_write(struct viz_writer *w, const struct viz_reveal *s)
{
	viz_writer_array(w, 6);
	viz_writer_id(w, &s->offer);
	viz_writer_id(w, &s->close);
	viz_writer_id(w, &s->pledge);
	viz_writer_bin(w, s->nonce.b, sizeof s->nonce.b);
	viz_writer_bin(w, s->blinding.b, sizeof s->blinding.b);
	viz_writer_bin(w, s->proposal, s->proposal_len);
}

void viz_reveal_read(struct viz_reader *r, struct viz_reveal *s)
{
	read_ids(r, 6, &s->offer, &s->close);
	s->pledge = viz_reader_id(r);
	viz_reader_fixed(r, s->nonce.b, sizeof s->nonce.b);
	viz_reader_fixed(r, s->blinding.b, sizeof s->blinding.b);
	s->proposal = viz_reader_bin(r, &s->proposal_len, 1, VIZ_PROPOSAL_MAX);
}

void viz_award_write(struct viz_writer *w, const struct viz_award *s)
{
	viz_writer_array(w, 7);
	viz_writer_id(w, &s->offer);
	viz_writer_uint(w, s->n);
	viz_writer_id(w, &s->recipient);
	viz_writer_id(w, &s->pledge);
	viz_writer_id(w, &s->receipt);
	viz_writer_time(w, s->latest);
	viz_writer_bin(w, s->choice_blinding.b, sizeof s->choice_blinding.b);
}

void viz_award_read(struct viz_reader *r, struct viz_award *s)
{
	viz_reader_tuple(r, 7);
	s->offer = viz_reader_id(r);
	s->n = (uint32_t)viz_reader_uint(r, VIZ_AWARDS_MAX);
	s->recipient = viz_reader_id(r);
	s->pledge = viz_reader_id(r);
	s->receipt = viz_reader_id(r);
	s->latest = viz_reader_time(r);
	viz_reader_fixed(r, s->choice_blinding.b, sizeof s->choice_blinding.b);
	if (s->n == 0)
		viz_reader_fail(r, VIZ_ERR_LIMIT);
}

void viz_award_note_write(struct viz_writer *w, const struct viz_award_note *s)
{
	viz_writer_array(w, 2);
	viz_writer_id(w, &s->award);
	viz_writer_bool(w, s->accepted);
}

void viz_award_note_read(struct viz_reader *r, struct viz_award_note *s)
{
	viz_reader_tuple(r, 2);
	s->award = viz_reader_id(r);
	s->accepted = viz_reader_bool(r);
}

void viz_lease_write(struct viz_writer *w, const struct viz_lease *s)
{
	viz_writer_array(w, 4);
	viz_writer_id(w, &s->award);
	viz_writer_time(w, s->asked);
	viz_writer_bool(w, s->granted);
	viz_writer_bool(w, s->extended);
}

void viz_lease_read(struct viz_reader *r, struct viz_lease *s)
{
	viz_reader_tuple(r, 4);
	s->award = viz_reader_id(r);
	s->asked = viz_reader_time(r);
	s->granted = viz_reader_bool(r);
	s->extended = viz_reader_bool(r);
}

void viz_outcome_write(struct viz_writer *w, const struct viz_outcome *s)
{
	viz_writer_array(w, 3);
	viz_writer_id(w, &s->award);
	viz_writer_uint(w, s->kind);
	viz_writer_uint(w, s->days_offline);
}

void viz_outcome_read(struct viz_reader *r, struct viz_outcome *s)
{
	uint64_t kind;

	viz_reader_tuple(r, 3);
	s->award = viz_reader_id(r);
	kind = viz_reader_uint(r, VIZ_OUTCOME_LOST);
	s->kind = (enum viz_outcome_kind)kind;
	s->days_offline = (uint32_t)viz_reader_uint(r, 366);
	if (kind == 0)
		viz_reader_fail(r, VIZ_ERR_LIMIT);
}

void viz_withdrawal_write(struct viz_writer *w, const struct viz_withdrawal *s)
{
	viz_writer_array(w, 3);
	viz_writer_id(w, &s->offer);
	viz_writer_uint(w, s->scope);
	viz_writer_uint(w, s->award_n);
}

void viz_withdrawal_read(struct viz_reader *r, struct viz_withdrawal *s)
{
	uint64_t scope;

	viz_reader_tuple(r, 3);
	s->offer = viz_reader_id(r);
	scope = viz_reader_uint(r, VIZ_WITHDRAW_AWARD);
	s->scope = (enum viz_withdrawal_scope)scope;
	s->award_n = (uint32_t)viz_reader_uint(r, VIZ_AWARDS_MAX);
	if (scope == 0 || (scope == VIZ_WITHDRAW_AWARD) != (s->award_n != 0))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

void viz_erased_write(struct viz_writer *w, const struct viz_erased *s)
{
	viz_writer_array(w, 2);
	viz_writer_id(w, &s->offer);
	viz_writer_uint(w, s->what);
}

void viz_erased_read(struct viz_reader *r, struct viz_erased *s)
{
	uint64_t what;

	viz_reader_tuple(r, 2);
	s->offer = viz_reader_id(r);
	what = viz_reader_uint(r, VIZ_ERASED_ALL);
	s->what = (enum viz_erased_what)what;
	if (what == 0)
		viz_reader_fail(r, VIZ_ERR_LIMIT);
}

void viz_plan_write(struct viz_writer *w, const struct viz_plan *p)
{
	viz_writer_array(w, 7);
	viz_writer_text(w, p->name);
	viz_writer_uint(w, p->price_cents);
	viz_writer_uint(w, p->down_mbps);
	viz_writer_uint(w, p->up_mbps);
	viz_writer_uint(w, p->technology);
	viz_writer_uint(w, p->install_days);
	viz_writer_text(w, p->url);
}

void viz_plan_read(struct viz_reader *r, struct viz_plan *p)
{
	viz_reader_tuple(r, 7);
	viz_reader_text(r, p->name, 1, VIZ_PLAN_MAX);
	p->price_cents = (uint32_t)viz_reader_uint(r, 100000000);
	p->down_mbps = (uint32_t)viz_reader_uint(r, 1000000);
	p->up_mbps = (uint32_t)viz_reader_uint(r, 1000000);
	p->technology = (unsigned)viz_reader_uint(r, VIZ_TECH_SATELLITE);
	p->install_days = (uint32_t)viz_reader_uint(r, 366);
	viz_reader_text(r, p->url, 1, sizeof p->url - 1);
	if (p->technology == 0 || p->price_cents == 0)
		viz_reader_fail(r, VIZ_ERR_LIMIT);
}

void viz_proposal_write(struct viz_writer *w, const struct viz_proposal *p)
{
	viz_writer_array(w, p->count);
	for (size_t i = 0; i < p->count; i++)
		viz_plan_write(w, &p->plan[i]);
}

void viz_proposal_read(struct viz_reader *r, struct viz_proposal *p)
{
	memset(p, 0, sizeof *p);
	p->count = viz_reader_array(r, 0, VIZ_PLANS_MAX);
	for (size_t i = 0; i < p->count && r->err == VIZ_OK; i++)
		viz_plan_read(r, &p->plan[i]);
	if (r->err != VIZ_OK)
		p->count = 0;
}

void viz_location_write(struct viz_writer *w, const struct viz_location *l)
{
	viz_writer_array(w, 4);
	if (l->has_point) {
		viz_writer_array(w, 2);
		viz_writer_int(w, l->point.lat_udeg);
		viz_writer_int(w, l->point.lon_udeg);
	} else {
		viz_writer_nil(w);
	}
	viz_writer_uint(w, l->precision_m);
	viz_writer_uint(w, l->municipality);
	viz_writer_uint(w, l->cep);
}

void viz_location_read(struct viz_reader *r, struct viz_location *l)
{
	memset(l, 0, sizeof *l);
	viz_reader_tuple(r, 4);
	if (!viz_reader_nil(r)) {
		l->has_point = true;
		viz_reader_tuple(r, 2);
		l->point.lat_udeg = (int32_t)viz_reader_int(r, -85000000, 85000000);
		l->point.lon_udeg = (int32_t)viz_reader_int(r, -180000000, 180000000);
	}
	l->precision_m = (uint32_t)viz_reader_uint(r, 1000000);
	l->municipality = (uint32_t)viz_reader_uint(r, 9999999);
	l->cep = (uint32_t)viz_reader_uint(r, 99999999);
	if (r->err == VIZ_OK && !viz_municipality_valid(l->municipality))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

void viz_contact_write(struct viz_writer *w, const struct viz_contact *c)
{
	viz_writer_array(w, 5);
	viz_writer_text(w, c->name);
	viz_writer_text(w, c->phone);
	viz_writer_text(w, c->address);
	viz_writer_text(w, c->date);
	viz_writer_text(w, c->plan);
}

static bool phone_valid(const char *phone)
{
	size_t digits = strspn(phone + (phone[0] == '+'), "0123456789");

	return phone[0] == '+' && phone[1] != '0' && digits >= 7 && digits <= 15 &&
	       phone[1 + digits] == '\0';
}

int viz_contact_phone(char out[VIZ_PHONE_MAX + 1], const char *text)
{
	char number[VIZ_PHONE_MAX + 4] = "+55", *at = number + 3;

	if (*text == '+') {
		at = number + 1;
		text++;
	}
	for (; *text != '\0'; text++) {
		if (strchr(" ()-.", *text))
			continue;
		if (*text < '0' || *text > '9' || at == number + VIZ_PHONE_MAX)
			return VIZ_ERR_INPUT;
		/* the trunk prefix of long-distance calls is not part of the number */
		if (at == number + 3 && memcmp(number, "+55", 3) == 0 && *text == '0')
			continue;
		*at++ = *text;
	}
	*at = '\0';
	if (!phone_valid(number))
		return VIZ_ERR_INPUT;
	/* in Brazil an area code of two digits and eight or nine more */
	if (strncmp(number, "+55", 3) == 0 && strlen(number) != 13 && strlen(number) != 14)
		return VIZ_ERR_INPUT;
	memcpy(out, number, strlen(number) + 1);
	return VIZ_OK;
}

bool viz_contact_date_valid(const char *date)
{
	static const char form[] = "0000-00-00";
	int month, day;

	if (date[0] == '\0')
		return true;
	for (size_t i = 0; i < sizeof form; i++)
		if (form[i] == '0' ? date[i] < '0' || date[i] > '9' : date[i] != form[i])
			return false;
	month = (date[5] - '0') * 10 + date[6] - '0';
	day = (date[8] - '0') * 10 + date[9] - '0';
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

void viz_contact_read(struct viz_reader *r, struct viz_contact *c)
{
	memset(c, 0, sizeof *c);
	viz_reader_tuple(r, 5);
	viz_reader_text(r, c->name, 1, VIZ_PERSON_MAX);
	viz_reader_text(r, c->phone, 8, VIZ_PHONE_MAX);
	viz_reader_text(r, c->address, 1, VIZ_STREET_MAX);
	viz_reader_text(r, c->date, 0, 10);
	viz_reader_text(r, c->plan, 0, VIZ_PLAN_MAX);
	if (r->err == VIZ_OK && (!phone_valid(c->phone) || !viz_contact_date_valid(c->date)))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}
