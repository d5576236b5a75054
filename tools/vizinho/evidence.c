#include "tools/vizinho/evidence.h"

#include "crypto/hash.h"
#include "crypto/sign.h"
#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/protest.h"
#include "proto/reader.h"
#include "proto/trust.h"
#include "tools/vizinho/evidence_parts.h"
#include "tools/vizinho/reply.h"

void viz_evidence_free(struct viz_evidence *e)
{
	for (size_t i = 0; i < e->record_count; i++)
		free(e->record_bytes[i]);
	e->record_count = 0;
}

void viz_evidence_folder_free(struct viz_evidence_folder *f)
{
	for (size_t i = 0; i < f->count; i++)
		free(f->file[i].bytes);
	free(f->file);
	*f = (struct viz_evidence_folder){0};
}

/* What may be in a folder has ids only: no receipt and no award, though the accused signed them. */
static bool is_evidence(uint8_t type)
{
	static const uint8_t statements[] = {VIZ_TYPE_COVERAGE_ACK, VIZ_TYPE_PLEDGE,
					     VIZ_TYPE_PLEDGE_ACK,   VIZ_TYPE_REVEAL_ACK,
					     VIZ_TYPE_LEASE,        VIZ_TYPE_PROOF};

	return type < VIZ_TYPE_STATEMENT_MIN || memchr(statements, type, sizeof statements);
}

int viz_evidence_add(struct viz_evidence *e, const uint8_t *bytes, size_t len)
{
	struct viz_record *rec = &e->record[e->record_count];
	uint8_t *copy;

	if (e->record_count == VIZ_EVIDENCE_RECORDS)
		return VIZ_ERR_LIMIT;
	copy = malloc(len > 0 ? len : 1);
	VIZ_REQUIRE(copy);
	memcpy(copy, bytes, len);
	if (viz_record_parse(rec, copy, len) != VIZ_OK || !is_evidence(rec->type)) {
		free(copy);
		return VIZ_ERR_FORM;
	}
	e->record_bytes[e->record_count++] = copy;
	return VIZ_OK;
}

int viz_evidence_add_reply(struct viz_evidence *e, const uint8_t *bytes, size_t len)
{
	int err = viz_evidence_add(e, bytes, len);

	e->reply_count += err == VIZ_OK;
	return err;
}

int viz_evidence_add_author(struct viz_evidence *e, const uint8_t bytes[80])
{
	struct viz_birth *b = &e->birth[e->author_count];

	if (e->author_count == VIZ_EVIDENCE_AUTHORS)
		return VIZ_ERR_LIMIT;
	memcpy(b->first_key.b, bytes, 32);
	memcpy(b->next_hash.b, bytes + 32, 32);
	memcpy(b->nonce, bytes + 64, 16);
	viz_id_author(&e->author[e->author_count++], &e->federation_id, b);
	return VIZ_OK;
}

int viz_evidence_add_head(struct viz_evidence *e, const uint8_t bytes[56])
{
	struct viz_contradiction_head h = {
	    .seq = viz_be_get_u64(bytes),
	    .head = {.log = viz_be_get_u64(bytes + 8),
		     .number = (uint32_t)viz_be_get_u64(bytes + 16)}};
	struct viz_node_body *body = calloc(1, sizeof *body);
	struct viz_id commit;
	int err = e->head_count == VIZ_EVIDENCE_HEADS ? VIZ_ERR_LIMIT : VIZ_ERR_ABSENT;

	VIZ_REQUIRE(body);
	memcpy(h.head.value.b, bytes + 24, 32);
	viz_ids_head(&commit, h.seq, h.head.log, h.head.number, &h.head.value);
	for (size_t i = 0; err == VIZ_ERR_ABSENT && i < e->record_count; i++)
		if (e->record[i].type == VIZ_TYPE_NODE &&
		    viz_id_eq(&e->record[i].author, &e->accused) &&
		    viz_node_body_parse(body, &e->record[i]) == VIZ_OK &&
		    viz_id_eq(&body->head, &commit)) {
			viz_ids_record(&h.head.node, &e->federation_id, &e->record[i]);
			h.head.time = e->record[i].time;
			e->head[e->head_count++] = h;
			err = VIZ_OK;
		}
	free(body);
	return err;
}

size_t viz_evidence_find(const struct viz_evidence *e, const struct viz_id *id)
{
	for (size_t i = 0; i < e->record_count; i++) {
		struct viz_id is;

		viz_ids_record(&is, &e->federation_id, &e->record[i]);
		if (viz_id_eq(&is, id))
			return i;
	}
	return VIZ_EVIDENCE_RECORDS;
}

/* The SUCCESSION with this number. */
static bool succession(const struct viz_evidence *e, struct viz_succession *out,
		       const struct viz_id *author, uint64_t number)
{
	for (size_t i = 0; i < e->record_count; i++)
		if (e->record[i].type == VIZ_TYPE_SUCCESSION && e->record[i].slot == number &&
		    viz_id_eq(&e->record[i].author, author))
			return viz_succession_parse(out, &e->record[i]) == VIZ_OK;
	return false;
}

bool viz_evidence_key(const struct viz_evidence *e, struct viz_pub *out,
		      const struct viz_id *author, uint32_t number)
{
	const struct viz_birth *b = NULL;
	struct viz_id next, is;

	for (size_t i = 0; i < e->author_count; i++)
		if (viz_id_eq(&e->author[i], author))
			b = &e->birth[i];
	if (!b)
		return false;
	*out = b->first_key;
	next = b->next_hash;
	for (uint32_t n = 1; n <= number; n++) {
		struct viz_succession s;

		if (!succession(e, &s, author, n))
			return false;
		viz_id_next_hash(&is, &s.key);
		if (!viz_id_eq(&is, &next))
			return false;
		*out = s.key;
		next = s.next_hash;
	}
	return true;
}

/* The number of bytes; VIZ_ERR_FORM when the text is no hexadecimal of at most `max` bytes. */
static int unhex(uint8_t *out, size_t *len, size_t max, const char *text)
{
	*len = strlen(text) / 2;
	return *len > max ? VIZ_ERR_FORM : viz_evidence_parts_unhex(out, *len, text);
}

typedef int (*add_fn)(struct viz_evidence *e, const uint8_t *bytes, size_t len);

static int reply_records(struct viz_evidence *e, const json_t *list, uint8_t *bytes, size_t max,
			 add_fn add)
{
	const json_t *value;
	size_t i, len;
	int err = VIZ_OK;

	json_array_foreach(list, i, value)
	{
		if (err == VIZ_OK)
			err = unhex(bytes, &len, max, json_string_value(value));
		if (err == VIZ_OK)
			err = add(e, bytes, len);
	}
	return err;
}

/* A stub: number of the offer, type and slot of 8 bytes, and the id. */
static int add_stub(struct viz_evidence *e, const uint8_t bytes[56])
{
	struct viz_stub *stub = &e->stub[e->stub_count];

	if (e->stub_count == VIZ_EVIDENCE_STUBS)
		return VIZ_ERR_LIMIT;
	*stub = (struct viz_stub){.offer = (uint32_t)viz_be_get_u64(bytes),
				  .type = (uint8_t)viz_be_get_u64(bytes + 8),
				  .slot = viz_be_get_u64(bytes + 16)};
	memcpy(stub->id.b, bytes + 24, 32);
	e->stub_count++;
	return VIZ_OK;
}

/* Where the stubs stand in the log: the first one is of a CHOICE among the records. */
static int place_stubs(struct viz_evidence *e)
{
	size_t i = e->stub_count > 0 ? viz_evidence_find(e, &e->stub[0].id) : VIZ_EVIDENCE_RECORDS;
	struct viz_position at;

	if (e->stub_count == 0)
		return VIZ_OK;
	if (i == VIZ_EVIDENCE_RECORDS || viz_position_parse(&at, &e->record[i]) != VIZ_OK)
		return VIZ_ERR_ABSENT;
	e->stub_log = at.log;
	e->stub_number = at.number;
	e->stub_before = at.before;
	return VIZ_OK;
}

static int reply_lists(struct viz_evidence *e, const json_t *reply, uint8_t *bytes, size_t max)
{
	const json_t *value;
	size_t i;
	int err = reply_records(e, json_object_get(reply, "records"), bytes, max, viz_evidence_add);

	json_array_foreach(json_object_get(reply, "authors"), i, value)
	{
		if (err == VIZ_OK)
			err = viz_evidence_parts_unhex(bytes, 80, json_string_value(value));
		if (err == VIZ_OK)
			err = viz_evidence_add_author(e, bytes);
	}
	json_array_foreach(json_object_get(reply, "heads"), i, value)
	{
		if (err == VIZ_OK)
			err = viz_evidence_parts_unhex(bytes, 56, json_string_value(value));
		if (err == VIZ_OK)
			err = viz_evidence_add_head(e, bytes);
	}
	json_array_foreach(json_object_get(reply, "stubs"), i, value)
	{
		if (err == VIZ_OK)
			err = viz_evidence_parts_unhex(bytes, 56, json_string_value(value));
		if (err == VIZ_OK)
			err = add_stub(e, bytes);
	}
	if (err == VIZ_OK)
		err = place_stubs(e);
	if (err == VIZ_OK)
		err = reply_records(e, json_object_get(reply, "reply_records"), bytes, max,
				    viz_evidence_add_reply);
	return err;
}

int viz_evidence_from_reply(struct viz_evidence *e, const json_t *reply)
{
	size_t max = VIZ_SIGNED_RECORD_MAX, len;
	uint8_t *bytes = malloc(max);
	struct viz_reader r;
	int err;

	VIZ_REQUIRE(bytes);
	e->rule = (enum viz_rule)viz_reply_number(reply, "rule_number");
	err = unhex(bytes, &len, max, viz_reply_text(reply, "federation"));
	if (err == VIZ_OK)
		err = VIZ_PARSE(federation, &e->federation, bytes, len);
	if (err == VIZ_OK)
		viz_ids_federation(&e->federation_id, &e->federation);
	if (err == VIZ_OK)
		err = viz_id_parse(e->accused.b, "viz", viz_reply_id(reply, "accused"));
	if (err == VIZ_OK)
		err = viz_evidence_parts_unhex(e->about.b, 32, viz_reply_text(reply, "about_id"));
	if (err == VIZ_OK)
		err = reply_lists(e, reply, bytes, max);
	if (err == VIZ_OK)
		err = unhex(e->view->b, &len, sizeof e->view, viz_reply_text(reply, "view"));
	if (err == VIZ_OK && len > 0) {
		e->view_count = len / sizeof *e->view;
		err = viz_id_parse(e->items.author.b, "viz", viz_reply_id(reply, "items_author"));
		if (err == VIZ_OK)
			err = unhex(bytes, &len, max, viz_reply_text(reply, "items"));
		if (err == VIZ_OK) {
			viz_reader_init(&r, bytes, len);
			viz_view_items_read(&r, &e->items.list);
			err = viz_reader_finish(&r);
		}
	}
	free(bytes);
	return err;
}

bool viz_evidence_offer(const struct viz_evidence *e, struct viz_id *out)
{
	for (size_t i = 0; i < viz_evidence_proof_count(e); i++)
		if (e->record[i].type == VIZ_TYPE_OFFER &&
		    viz_id_eq(&e->record[i].author, &e->accused)) {
			viz_ids_record(out, &e->federation_id, &e->record[i]);
			return true;
		}
	return false;
}

enum viz_protest_answer viz_evidence_answer(const struct viz_evidence *e, size_t protest)
{
	enum viz_protest_answer answer = 0;
	struct viz_protest p;
	struct viz_id id;

	viz_ids_record(&id, &e->federation_id, &e->record[protest]);
	for (size_t i = viz_evidence_proof_count(e); i < e->record_count && answer == 0; i++) {
		if (!viz_id_eq(&e->record[i].author, &e->accused) ||
		    viz_protest_parse(&p, &e->record[i]) != VIZ_OK)
			continue;
		for (size_t k = 0; k < p.reply_count && answer == 0; k++)
			if (viz_id_eq(&p.reply[k].protest, &id))
				answer = p.reply[k].answer;
	}
	return answer;
}

/* Whether the record is a PROTEST about the accused's offer, or the accused's reply to such a one
 * that is attached. */
static bool is_about_offer(const struct viz_evidence *e, const struct viz_record *rec)
{
	struct viz_protest p, answered;
	struct viz_id offer, of;

	if (rec->type != VIZ_TYPE_PROTEST || viz_protest_parse(&p, rec) != VIZ_OK ||
	    !viz_protest_fits(&p, rec) || !viz_id_eq(&p.origin, &e->accused) ||
	    !viz_evidence_offer(e, &offer))
		return false;
	of = viz_protest_offer(&p);
	if (p.kind != VIZ_PROTEST_REPLY)
		return p.has_offer && viz_id_eq(&of, &offer);
	for (size_t k = 0; k < p.reply_count; k++) {
		size_t i = viz_evidence_find(e, &p.reply[k].protest);

		if (i >= viz_evidence_proof_count(e) && i < e->record_count &&
		    viz_protest_parse(&answered, &e->record[i]) == VIZ_OK &&
		    answered.kind != VIZ_PROTEST_REPLY)
			return true;
	}
	return false;
}

int viz_evidence_check(const struct viz_evidence *e, size_t *bad)
{
	struct viz_rules_key key[VIZ_EVIDENCE_AUTHORS];
	struct viz_contradiction p = {.federation = &e->federation,
				      .rule = e->rule,
				      .accused = e->accused,
				      .about = e->about,
				      .record = e->record,
				      .record_count = viz_evidence_proof_count(e),
				      .key = key,
				      .key_count = e->author_count,
				      .head = e->head,
				      .head_count = e->head_count,
				      .view = e->view,
				      .view_count = e->view_count,
				      .items = &e->items,
				      .items_count = e->view_count > 0,
				      .stub = e->stub,
				      .stub_count = e->stub_count};

	for (size_t i = 0; i < e->record_count; i++) {
		const struct viz_record *rec = &e->record[i];
		struct viz_pub pub;
		struct viz_id id;

		*bad = i;
		viz_ids_record(&id, &e->federation_id, rec);
		/* a SUCCESSION is signed by the key that it brings */
		if (!viz_evidence_key(e, &pub, &rec->author,
				      rec->type == VIZ_TYPE_SUCCESSION ? (uint32_t)rec->slot
								       : rec->key) ||
		    viz_sign_verify(&rec->sig, &id, &pub) != VIZ_OK)
			return VIZ_ERR_AUTH;
	}
	for (size_t i = 0; i < e->author_count; i++)
		key[i] = (struct viz_rules_key){e->author[i], 0, e->birth[i].first_key};
	for (size_t i = viz_evidence_proof_count(e); i < e->record_count; i++) {
		*bad = i;
		if (!is_about_offer(e, &e->record[i]))
			return VIZ_ERR_AUTH;
	}
	return viz_contradiction_shows(&p) ? VIZ_OK : VIZ_ERR_MEANING;
}

static const struct viz_evidence_file *find_file(const struct viz_evidence_folder *f,
						 const char *name)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->file[i].name, name) == 0)
			return &f->file[i];
	return NULL;
}

/* A file whose words may change from version to version. */
static bool is_words(const char *name)
{
	return strcmp(name, "README.txt") == 0 || strcmp(name, "LEIAME.txt") == 0 ||
	       strcmp(name, "verify.sh") == 0;
}

const char *viz_evidence_compare(const struct viz_evidence_folder *folder,
				 const struct viz_evidence_folder *again, bool *other_words)
{
	*other_words = false;
	for (size_t i = 0; i < again->count; i++)
		if (!find_file(folder, again->file[i].name))
			return again->file[i].name;
	for (size_t i = 0; i < folder->count; i++) {
		const struct viz_evidence_file *x = &folder->file[i];
		const struct viz_evidence_file *y = find_file(again, x->name);

		if (y && x->len == y->len && memcmp(x->bytes, y->bytes, x->len) == 0)
			continue;
		if (!y || !is_words(x->name))
			return x->name;
		*other_words = true;
	}
	return NULL;
}
