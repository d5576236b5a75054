#include "proto/receipt.h"

static void write_text(struct viz_writer *w, const char *text)
{
	if (text[0] == '\0')
		viz_writer_nil(w);
	else
		viz_writer_text(w, text);
}

static void read_text(struct viz_reader *r, char *out, size_t max)
{
	if (viz_reader_nil(r))
		out[0] = '\0';
	else
		viz_reader_text(r, out, 1, max);
}

void viz_receipt_write(struct viz_writer *w, const struct viz_receipt *c)
{
	viz_writer_array(w, 19);
	viz_writer_bin(w, c->receipt_id, sizeof c->receipt_id);
	viz_writer_uint(w, c->offer_slot);
	viz_writer_uint(w, c->purpose);
	viz_writer_text(w, "BR"); /* jurisdiction */
	viz_writer_text(w, c->language);
	viz_writer_id(w, &c->subject);
	write_text(w, c->controller_cnpj);
	viz_writer_array(w, c->recipient_count);
	for (size_t i = 0; i < c->recipient_count; i++) {
		viz_writer_array(w, 2);
		viz_writer_id(w, &c->recipient[i].id);
		write_text(w, c->recipient[i].cnpj);
	}
	viz_writer_uint(w, c->fields);
	viz_writer_text(w, c->text_version);
	viz_writer_id(w, &c->text_hash);
	viz_writer_text(w, c->channel);
	write_text(w, c->evidence);
	write_text(w, c->agent);
	viz_writer_time(w, c->given);
	viz_writer_time(w, c->expires);
	write_text(w, c->withdrawal);
	viz_writer_uint(w, c->state);
	viz_writer_id(w, &c->previous);
}

static void read_recipients(struct viz_reader *r, struct viz_receipt *c)
{
	c->recipient_count = viz_reader_array(r, 1, VIZ_ELIGIBLE_MAX);
	for (size_t i = 0; i < c->recipient_count && r->err == VIZ_OK; i++) {
		viz_reader_tuple(r, 2);
		c->recipient[i].id = viz_reader_id(r);
		read_text(r, c->recipient[i].cnpj, VIZ_CNPJ_LEN);
		if (i > 0 && viz_id_cmp(&c->recipient[i - 1].id, &c->recipient[i].id) >= 0)
			viz_reader_fail(r, VIZ_ERR_FORM);
	}
	if (r->err != VIZ_OK)
		c->recipient_count = 0;
}

void viz_receipt_read(struct viz_reader *r, struct viz_receipt *c)
{
	char jurisdiction[3];
	uint64_t purpose, state;

	memset(c, 0, sizeof *c);
	viz_reader_tuple(r, 19);
	viz_reader_fixed(r, c->receipt_id, sizeof c->receipt_id);
	c->offer_slot = viz_reader_uint(r, UINT64_MAX >> 16);
	purpose = viz_reader_uint(r, VIZ_PURPOSE_CONTACT);
	viz_reader_text(r, jurisdiction, 2, 2);
	viz_reader_text(r, c->language, 2, 5);
	c->subject = viz_reader_id(r);
	read_text(r, c->controller_cnpj, VIZ_CNPJ_LEN);
	read_recipients(r, c);
	c->fields = (unsigned)viz_reader_uint(r, 63);
	viz_reader_text(r, c->text_version, 1, 16);
	c->text_hash = viz_reader_id(r);
	viz_reader_text(r, c->channel, 1, 16);
	read_text(r, c->evidence, VIZ_REF_MAX);
	read_text(r, c->agent, VIZ_REF_MAX);
	c->given = viz_reader_time(r);
	c->expires = viz_reader_time(r);
	read_text(r, c->withdrawal, VIZ_PRIVACY_MAX);
	state = viz_reader_uint(r, VIZ_CONSENT_TERMINATED);
	c->previous = viz_reader_id(r);
	c->purpose = (enum viz_purpose)purpose;
	c->state = (enum viz_consent_state)state;
	if (r->err == VIZ_OK && (purpose == 0 || state == 0 || strcmp(jurisdiction, "BR") != 0 ||
				 c->expires.ms < c->given.ms))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

bool viz_receipt_names(const struct viz_receipt *c, const struct viz_id *id)
{
	for (size_t i = 0; i < c->recipient_count; i++)
		if (viz_id_eq(&c->recipient[i].id, id))
			return true;
	return false;
}
