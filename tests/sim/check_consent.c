/* I1: nothing about a person leaves a node before a receipt that names the recipient is durable
 * there. Only that recipient gets it. */
#include "node/core/core.h"
#include "node/core/event.h"
#include "node/self/statement.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/message.h"
#include "proto/reader.h"
#include "proto/receipt.h"
#include "proto/record.h"
#include "proto/statement.h"
#include "store/store.h"
#include "tests/sim/check.h"

static bool has(const uint8_t *bytes, size_t len, const char *text)
{
	return memmem(bytes, len, text, strlen(text)) != NULL;
}

/* Whether the bytes hold an exact point in the packed form of the wire. */
static bool has_point(const uint8_t *bytes, size_t len)
{
	static const uint8_t lat[] = {0xd2, 0xfe, 0xca}, lon[] = {0xd2, 0xfd, 0x99};
	const uint8_t *at = bytes;

	while (len - (size_t)(at - bytes) >= 10) {
		at = memmem(at, len - (size_t)(at - bytes), lat, sizeof lat);
		if (!at || len - (size_t)(at - bytes) < 10)
			return false;
		if (memcmp(at + 5, lon, sizeof lon) == 0)
			return true;
		at++;
	}
	return false;
}

static void forbid(struct sim_world *w, struct sim_machine *m, const uint8_t *bytes, size_t len,
		   const char *where)
{
	if (has(bytes, len, SIM_CANARY_NAME) || has(bytes, len, SIM_CANARY_PHONE) ||
	    has(bytes, len, SIM_CANARY_STREET))
		sim_fail(w, "I1", m, "a person's data are in %s", where);
	if (has_point(bytes, len))
		sim_fail(w, "I1", m, "an exact location is in %s", where);
}

/* The receipt in the mail must be durable here, have this purpose, and name the recipient. */
static void check_receipt(struct sim_world *w, struct sim_machine *m, const struct sim_machine *to,
			  const uint8_t *bytes, size_t len, enum viz_purpose purpose,
			  uint64_t number)
{
	struct viz_receipt *c = viz_core_alloc(sizeof *c);
	struct viz_record rec;
	struct viz_slice kept = {NULL, 0};
	bool ok = viz_record_parse(&rec, bytes, len) == VIZ_OK;

	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	ok = ok &&
	     viz_statement_get(&m->node->core, &kept, &m->author, rec.slot, VIZ_TYPE_RECEIPT,
			       &m->author, number) &&
	     kept.len == len && memcmp(kept.p, bytes, len) == 0;
	if (!ok)
		sim_fail(w, "I1", m, "the receipt of a mail to %s is not durable", to->name);
	viz_store_abort(m->store);
	if (viz_receipt_parse(c, &rec) != VIZ_OK || c->purpose != purpose ||
	    c->state != VIZ_CONSENT_GIVEN || !viz_receipt_names(c, &to->author))
		sim_fail(w, "I1", m, "the receipt of a mail to %s does not cover it", to->name);
	free(c);
}

static void check_location(struct sim_world *w, struct sim_machine *m, const struct sim_machine *to,
			   struct viz_reader *r)
{
	const uint8_t *location, *receipt;
	size_t len, receipt_len;

	viz_reader_tuple(r, 5);
	viz_reader_uint(r, UINT64_MAX >> 16);
	location = viz_reader_bin(r, &len, 1, VIZ_LOCATION_MAX);
	viz_reader_id(r);
	receipt = viz_reader_bin(r, &receipt_len, 65, VIZ_SIGNED_RECORD_MAX);
	viz_reader_id(r);
	if (viz_reader_finish(r) != VIZ_OK || !location)
		sim_fail(w, "I1", m, "a LOCATION cannot be read");
	check_receipt(w, m, to, receipt, receipt_len, VIZ_PURPOSE_LOCATION, 1);
}

static void check_handoff(struct sim_world *w, struct sim_machine *m, const struct sim_machine *to,
			  struct viz_reader *r)
{
	const uint8_t *bytes, *receipt;
	size_t len, receipt_len, contact_len;
	struct viz_record rec;
	struct viz_award award;

	viz_reader_tuple(r, 4);
	viz_reader_bin(r, &len, 65, VIZ_SIGNED_RECORD_MAX); /* CHOICE */
	bytes = viz_reader_bin(r, &len, 65, VIZ_SIGNED_RECORD_MAX);
	receipt = viz_reader_bin(r, &receipt_len, 65, VIZ_SIGNED_RECORD_MAX);
	viz_reader_bin(r, &contact_len, 1, VIZ_CONTACT_MAX);
	if (viz_reader_finish(r) != VIZ_OK || viz_record_parse(&rec, bytes, len) != VIZ_OK)
		sim_fail(w, "I1", m, "a HANDOFF cannot be read");
	if (viz_award_parse(&award, &rec) != VIZ_OK || !viz_id_eq(&award.recipient, &to->author))
		sim_fail(w, "I1", m, "a hand-off goes to %s, who was not chosen", to->name);
	check_receipt(w, m, to, receipt, receipt_len, VIZ_PURPOSE_CONTACT, 1 + (uint64_t)award.n);
}

void sim_consent_effect(struct sim_world *w, struct sim_machine *m, const struct viz_effect *fx)
{
	const struct sim_machine *to;
	struct viz_reader r;
	uint64_t kind, mail = 0;
	const uint8_t *body;
	size_t len;

	if (fx->kind == VIZ_EFFECT_LOG)
		forbid(w, m, (const uint8_t *)fx->text, strlen(fx->text), "a log line");
	if (fx->kind == VIZ_EFFECT_DIAL)
		forbid(w, m, fx->bytes, fx->len, "a hello");
	if (fx->kind != VIZ_EFFECT_SEND)
		return;
	body = fx->bytes + 2;
	len = viz_be_get_u16(fx->bytes);
	to = sim_net_peer(w, fx->link);
	viz_reader_init(&r, body, len);
	viz_reader_array(&r, 1, 8);
	kind = viz_reader_uint(&r, UINT8_MAX);
	if (kind == VIZ_MESSAGE_MAIL) {
		viz_reader_uint(&r, INT64_MAX);
		mail = viz_reader_uint(&r, UINT8_MAX);
	}
	if (r.err != VIZ_OK || !to)
		sim_fail(w, "I1", m, "a message cannot be read");
	if (mail != VIZ_MAIL_LOCATION && mail != VIZ_MAIL_HANDOFF) {
		forbid(w, m, body, len, "a message for which there is no consent");
		return;
	}
	if (fx->len % VIZ_PAD_CLASS != 0)
		sim_fail(w, "I1", m, "personal data travel in %zu bytes: no size class", fx->len);
	if (mail == VIZ_MAIL_LOCATION)
		check_location(w, m, to, &r);
	else
		check_handoff(w, m, to, &r);
}
