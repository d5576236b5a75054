#include "proto/offer.h"

static const struct viz_id zero_id;

static void read_ascending(struct viz_reader *r, struct viz_id *out, size_t *count, size_t max)
{
	*count = viz_reader_array(r, 0, max);
	for (size_t i = 0; i < *count; i++) {
		out[i] = viz_reader_id(r);
		if (r->err == VIZ_OK && i > 0 && viz_id_cmp(&out[i - 1], &out[i]) >= 0)
			viz_reader_fail(r, VIZ_ERR_FORM);
	}
	if (r->err != VIZ_OK)
		*count = 0;
}

static void write_ids(struct viz_writer *w, const struct viz_id *ids, size_t count)
{
	viz_writer_array(w, count);
	for (size_t i = 0; i < count; i++)
		viz_writer_id(w, &ids[i]);
}

void viz_offer_write(struct viz_writer *w, const struct viz_offer *o)
{
	viz_writer_array(w, 8);
	viz_writer_time(w, o->closes);
	viz_writer_uint(w, o->epoch);
	viz_writer_id(w, &o->key_hash);
	viz_writer_id(w, &o->order_commit);
	viz_writer_id(w, &o->location_commit);
	viz_writer_id(w, &o->receipt_commit);
	viz_writer_id(w, &o->view);
	viz_writer_bin(w, o->sealed, o->sealed_len);
}

void viz_offer_read(struct viz_reader *r, struct viz_offer *o)
{
	viz_reader_tuple(r, 8);
	o->closes = viz_reader_time(r);
	o->epoch = viz_reader_uint(r, INT64_MAX);
	o->key_hash = viz_reader_id(r);
	o->order_commit = viz_reader_id(r);
	o->location_commit = viz_reader_id(r);
	o->receipt_commit = viz_reader_id(r);
	o->view = viz_reader_id(r);
	o->sealed = viz_reader_bin(r, &o->sealed_len, VIZ_OFFER_PAD + 40, VIZ_OFFER_SEALED_MAX);
	if (r->err == VIZ_OK && (o->sealed_len - 40) % VIZ_OFFER_PAD != 0)
		viz_reader_fail(r, VIZ_ERR_FORM);
}

void viz_offer_secret_write(struct viz_writer *w, const struct viz_offer_secret *s)
{
	viz_writer_array(w, 6);
	viz_area_write(w, &s->area);
	viz_writer_uint(w, s->service);
	viz_writer_uint(w, s->month);
	write_ids(w, s->eligible, s->eligible_count);
	viz_writer_array(w, s->excluded_count);
	for (size_t i = 0; i < s->excluded_count; i++) {
		viz_writer_array(w, 2);
		viz_writer_id(w, &s->excluded[i].id);
		viz_writer_uint(w, s->excluded[i].reason);
	}
	viz_writer_uint(w, s->previous);
}

void viz_offer_secret_read(struct viz_reader *r, struct viz_offer_secret *s)
{
	uint64_t v;

	memset(s, 0, sizeof *s);
	viz_reader_tuple(r, 6);
	viz_area_read(r, &s->area);
	v = viz_reader_uint(r, VIZ_SERVICE_BUSINESS);
	s->service = (enum viz_service)v;
	if (v == 0)
		viz_reader_fail(r, VIZ_ERR_LIMIT);
	s->month = (uint32_t)viz_reader_uint(r, 999912);
	if (s->month != 0 && (s->month % 100 == 0 || s->month % 100 > 12 || s->month < 202001))
		viz_reader_fail(r, VIZ_ERR_MEANING);
	read_ascending(r, s->eligible, &s->eligible_count, VIZ_ELIGIBLE_MAX);
	s->excluded_count = viz_reader_array(r, 0, VIZ_EXCLUDED_MAX);
	for (size_t i = 0; i < s->excluded_count && r->err == VIZ_OK; i++) {
		viz_reader_tuple(r, 2);
		s->excluded[i].id = viz_reader_id(r);
		v = viz_reader_uint(r, VIZ_EXCLUDED_STRUCK);
		s->excluded[i].reason = (enum viz_exclusion)v;
		if (v == 0)
			viz_reader_fail(r, VIZ_ERR_LIMIT);
		if (i > 0 && viz_id_cmp(&s->excluded[i - 1].id, &s->excluded[i].id) >= 0)
			viz_reader_fail(r, VIZ_ERR_FORM);
	}
	s->previous = viz_reader_uint(r, UINT64_MAX >> 16);
	if (r->err != VIZ_OK)
		s->excluded_count = 0;
}

void viz_pledge_write(struct viz_writer *w, const struct viz_pledge *p)
{
	viz_writer_array(w, 4);
	viz_writer_id(w, &p->origin);
	viz_writer_uint(w, p->offer_slot);
	viz_writer_id(w, &p->offer);
	viz_writer_bin(w, p->sealed, p->sealed_len);
}

void viz_pledge_read(struct viz_reader *r, struct viz_pledge *p)
{
	viz_reader_tuple(r, 4);
	p->origin = viz_reader_id(r);
	p->offer_slot = viz_reader_uint(r, UINT64_MAX >> 16);
	p->offer = viz_reader_id(r);
	p->sealed = viz_reader_bin(r, &p->sealed_len, VIZ_PLEDGE_SEALED, VIZ_PLEDGE_SEALED);
}

static bool answer_promises(enum viz_answer a)
{
	return a == VIZ_ANSWER_YES || a == VIZ_ANSWER_ANALYSIS;
}

void viz_pledge_secret_write(struct viz_writer *w, const struct viz_pledge_secret *s)
{
	viz_writer_array(w, 3);
	viz_writer_uint(w, s->answer);
	viz_writer_uint(w, s->reason);
	viz_writer_id(w, &s->commitment);
}

void viz_pledge_secret_read(struct viz_reader *r, struct viz_pledge_secret *s)
{
	uint64_t answer, reason;

	viz_reader_tuple(r, 3);
	answer = viz_reader_uint(r, VIZ_ANSWER_NO_CONTENT);
	reason = viz_reader_uint(r, VIZ_NO_POLICY);
	s->commitment = viz_reader_id(r);
	s->answer = (enum viz_answer)answer;
	s->reason = (enum viz_no_reason)reason;
	if (r->err != VIZ_OK)
		return;
	if (answer == 0 || (answer == VIZ_ANSWER_NO) != (reason != 0) ||
	    answer_promises(s->answer) == viz_id_is_zero(&s->commitment))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

void viz_close_write(struct viz_writer *w, const struct viz_close *c)
{
	viz_writer_array(w, 2);
	viz_writer_id(w, &c->offer);
	write_ids(w, c->pledge, c->count);
}

void viz_close_read(struct viz_reader *r, struct viz_close *c)
{
	viz_reader_tuple(r, 2);
	c->offer = viz_reader_id(r);
	read_ascending(r, c->pledge, &c->count, VIZ_ELIGIBLE_MAX);
}

static void reveal_entry_write(struct viz_writer *w, const struct viz_reveal_entry *e)
{
	viz_writer_array(w, e->revealed ? 3 : 1);
	viz_writer_id(w, &e->pledge);
	if (e->revealed) {
		viz_writer_id(w, &e->nonce);
		viz_writer_id(w, &e->blinded);
	}
}

static void reveal_entry_read(struct viz_reader *r, struct viz_reveal_entry *e)
{
	size_t n = viz_reader_array(r, 1, 3);

	*e = (struct viz_reveal_entry){.pledge = viz_reader_id(r), .revealed = n == 3};
	if (n == 2)
		viz_reader_fail(r, VIZ_ERR_FORM);
	if (e->revealed) {
		e->nonce = viz_reader_id(r);
		e->blinded = viz_reader_id(r);
	}
}

void viz_result_write(struct viz_writer *w, const struct viz_result *res)
{
	viz_writer_array(w, 7);
	viz_writer_id(w, &res->offer);
	viz_writer_id(w, &res->close);
	viz_writer_bin(w, res->salt.b, sizeof res->salt.b);
	viz_writer_array(w, res->count);
	for (size_t i = 0; i < res->count; i++)
		reveal_entry_write(w, &res->entry[i]);
	write_ids(w, res->order, res->order_count);
	viz_writer_uint(w, res->outcome);
	viz_writer_id(w, &res->choice);
}

void viz_result_read(struct viz_reader *r, struct viz_result *res)
{
	uint64_t outcome;

	memset(res, 0, sizeof *res);
	viz_reader_tuple(r, 7);
	res->offer = viz_reader_id(r);
	res->close = viz_reader_id(r);
	viz_reader_fixed(r, res->salt.b, sizeof res->salt.b);
	res->count = viz_reader_array(r, 0, VIZ_ELIGIBLE_MAX);
	for (size_t i = 0; i < res->count && r->err == VIZ_OK; i++) {
		reveal_entry_read(r, &res->entry[i]);
		if (i > 0 && viz_id_cmp(&res->entry[i - 1].pledge, &res->entry[i].pledge) >= 0)
			viz_reader_fail(r, VIZ_ERR_FORM);
	}
	res->order_count = viz_reader_array(r, 0, VIZ_ELIGIBLE_MAX);
	for (size_t i = 0; i < res->order_count && r->err == VIZ_OK; i++)
		res->order[i] = viz_reader_id(r);
	outcome = viz_reader_uint(r, VIZ_RESULT_WITHDRAWN);
	res->outcome = (enum viz_result_outcome)outcome;
	res->choice = viz_reader_id(r);
	if (r->err != VIZ_OK) {
		res->count = res->order_count = 0;
		return;
	}
	if (outcome == 0 || (outcome == VIZ_RESULT_CHOSEN) == viz_id_eq(&res->choice, &zero_id))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

void viz_pad(uint8_t *buffer, size_t len, size_t size)
{
	VIZ_REQUIRE(len <= UINT16_MAX && len + 2 <= size);
	viz_put_u16be(buffer, (uint16_t)len);
	memset(buffer + 2 + len, 0, size - 2 - len);
}

int viz_unpad(size_t *len, const uint8_t *buffer, size_t size)
{
	size_t n;

	if (size < 2)
		return VIZ_ERR_FORM;
	n = viz_get_u16be(buffer);
	if (n + 2 > size)
		return VIZ_ERR_FORM;
	for (size_t i = n + 2; i < size; i++)
		if (buffer[i] != 0)
			return VIZ_ERR_FORM;
	*len = n;
	return VIZ_OK;
}
