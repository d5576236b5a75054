#include "tools/vizinho/evidence_draft.h"

#include "crypto/hash.h"
#include "node/core/ids.h"
#include "proto/base.h"
#include "proto/offer.h"
#include "proto/protest.h"
#include "proto/reader.h"
#include "proto/trust.h"
#include "proto/writer.h"

static const uint8_t der[12] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
				0x2b, 0x65, 0x70, 0x03, 0x21, 0};

static void equal(struct viz_evidence_draft *b, struct viz_evidence_place x,
		  struct viz_evidence_place y)
{
	viz_evidence_draft_compare(b, VIZ_EVIDENCE_EQUAL, x, y);
}

static json_t *id_json(const struct viz_id *id)
{
	char text[65];

	viz_hex(text, id->b, sizeof id->b);
	return json_string(text);
}

/* Writes NN.input and NN.id. */
static void write_input(struct viz_evidence_draft *b, struct viz_id *id,
			struct viz_evidence_place input, struct viz_evidence_place output,
			struct viz_evidence_parts_input *in)
{
	viz_hash_plain(id, in->bytes, in->len);
	viz_evidence_draft_file(b, input.file, in->bytes, in->len);
	viz_evidence_draft_file(b, output.file, id->b, sizeof id->b);
}

/* Where part `part` of an input begins. */
static size_t part_at(const struct viz_evidence_parts_input *in, size_t part)
{
	size_t len = 0;
	const uint8_t *at = viz_evidence_parts_get(in->bytes, in->len, part, &len);

	VIZ_REQUIRE(at);
	return (size_t)(at - in->bytes);
}

/* Writes a hash of h/; frees the input. Returns its number. */
static size_t write_hash(struct viz_evidence_draft *b, const char *domain,
			 struct viz_evidence_parts_input *in)
{
	size_t n = ++b->hash_count;
	struct viz_id id;

	write_input(b, &id, viz_evidence_draft_place("h", n, "input", 0, 0),
		    viz_evidence_draft_place("h", n, "id", 0, 0), in);
	json_array_append_new(b->hashes,
			      json_pack("{s:s,s:s,s:o}", "file",
					viz_evidence_draft_place("h", n, "input", 0, 0).file,
					"domain", domain, "id", id_json(&id)));
	free(in->bytes);
	return n;
}

static void write_federation(struct viz_evidence_draft *b)
{
	struct viz_evidence_parts_input in;
	uint8_t bytes[512];
	struct viz_writer w;
	size_t len, at;

	viz_writer_init(&w, bytes, sizeof bytes);
	viz_federation_write(&w, &b->e->federation);
	VIZ_REQUIRE(viz_writer_finish(&w, &len) == VIZ_OK);
	viz_evidence_draft_file(b, "federation.bin", bytes, len);
	viz_evidence_parts_begin(&in, "vizinho/federation");
	viz_evidence_parts_add(&in, bytes, len);
	at = part_at(&in, 0);
	write_hash(b, "vizinho/federation", &in);
	equal(b, (struct viz_evidence_place){"federation.bin", 0, len},
	      viz_evidence_draft_place("h", 1, "input", at, len));
}

static void write_authors(struct viz_evidence_draft *b)
{
	for (size_t i = 0; i < b->e->author_count; i++) {
		const struct viz_birth *birth = &b->e->birth[i];
		struct viz_evidence_parts_input in;
		size_t at;

		viz_evidence_parts_begin(&in, "vizinho/author");
		viz_evidence_parts_add(&in, b->e->federation_id.b, 32);
		viz_evidence_parts_add(&in, birth->first_key.b, 32);
		viz_evidence_parts_add(&in, birth->next_hash.b, 32);
		viz_evidence_parts_add(&in, birth->nonce, sizeof birth->nonce);
		at = part_at(&in, 0);
		b->author_hash[i] = write_hash(b, "vizinho/author", &in);
		equal(b, viz_evidence_draft_place("h", b->author_hash[i], "input", at, 32),
		      viz_evidence_draft_place("h", 1, "id", 0, 32));
	}
}

static size_t author_number(const struct viz_evidence_draft *b, const struct viz_id *author)
{
	for (size_t i = 0; i < b->e->author_count; i++)
		if (viz_id_eq(&b->e->author[i], author))
			return i;
	return 0;
}

/* The field without the head of its encoding, when it is bin or an integer of at most 8 bytes. */
static struct viz_evidence_place bare(struct viz_evidence_place p, size_t len)
{
	if (p.len > len) {
		p.offset += p.len - len;
		p.len = len;
	}
	return p;
}

#define FIELD(b, out, record, ...)                                                                 \
	viz_evidence_draft_field(b, out, record, (const size_t[]){__VA_ARGS__},                    \
				 sizeof((const size_t[]){__VA_ARGS__}) / sizeof(size_t))

/* The next-key hash of a SUCCESSION: over the key in it, and what the record before, or the author
 * id, commits to. */
static void write_succession(struct viz_evidence_draft *b, size_t record)
{
	const struct viz_record *rec = &b->e->record[record];
	size_t author = author_number(b, &rec->author), n, at;
	struct viz_evidence_parts_input in;
	struct viz_evidence_place key, before;
	struct viz_succession s;

	if (viz_succession_parse(&s, rec) != VIZ_OK || !FIELD(b, &key, record, 8, 0))
		return;
	viz_evidence_parts_begin(&in, "vizinho/next-key");
	viz_evidence_parts_add(&in, s.key.b, 32);
	at = part_at(&in, 0);
	n = write_hash(b, "vizinho/next-key", &in);
	equal(b, viz_evidence_draft_place("h", n, "input", at, 32), bare(key, 32));
	if (rec->slot == 1) {
		before = viz_evidence_draft_place("h", b->author_hash[author], "input",
						  1 + strlen("vizinho/author") + 3 * 8 + 64, 32);
		equal(b, viz_evidence_draft_place("h", n, "id", 0, 32), before);
		return;
	}
	for (size_t i = 0; i < b->e->record_count; i++)
		if (b->e->record[i].type == VIZ_TYPE_SUCCESSION &&
		    b->e->record[i].slot + 1 == rec->slot &&
		    viz_id_eq(&b->e->record[i].author, &rec->author) && FIELD(b, &before, i, 8, 1))
			equal(b, viz_evidence_draft_place("h", n, "id", 0, 32), bare(before, 32));
}

static void write_heads(struct viz_evidence_draft *b)
{
	for (size_t i = 0; i < b->e->head_count; i++) {
		const struct viz_contradiction_head *h = &b->e->head[i];
		size_t record = viz_evidence_find(b->e, &h->head.node), n;
		struct viz_evidence_parts_input in;
		struct viz_evidence_place commit;

		viz_evidence_parts_begin(&in, "vizinho/head");
		viz_evidence_parts_u64(&in, h->seq);
		viz_evidence_parts_u64(&in, h->head.log);
		viz_evidence_parts_u64(&in, h->head.number);
		viz_evidence_parts_add(&in, h->head.value.b, 32);
		n = write_hash(b, "vizinho/head", &in);
		if (record < b->e->record_count && FIELD(b, &commit, record, 8, 17))
			equal(b, viz_evidence_draft_place("h", n, "id", 0, 32), bare(commit, 32));
	}
}

static void write_item(struct viz_evidence_draft *b, const struct viz_view_item *x,
		       struct viz_evidence_parts_input *of_author)
{
	static const char dead[] = "dead";
	struct viz_evidence_parts_input in;
	struct viz_id id;

	viz_evidence_parts_begin(&in, "vizinho/item");
	viz_evidence_parts_add(&in, b->e->items.author.b, 32);
	viz_evidence_parts_u64(&in, x->type);
	viz_evidence_parts_u64(&in, x->slot);
	viz_evidence_parts_u64(&in, x->seq);
	if (x->has_id)
		viz_evidence_parts_add(&in, x->id.b, 32);
	else
		viz_evidence_parts_add(&in, (const uint8_t *)dead, sizeof dead - 1);
	viz_hash_plain(&id, in.bytes, in.len);
	viz_evidence_parts_add(of_author, id.b, 32);
	write_hash(b, "vizinho/item", &in);
}

static void write_view(struct viz_evidence_draft *b)
{
	const struct viz_evidence *e = b->e;
	struct viz_evidence_parts_input in, of_author;
	struct viz_evidence_place digest;
	struct viz_offer o;
	size_t n;

	for (size_t r = 0; e->view_count > 0 && r < e->record_count; r++) {
		if (e->record[r].type != VIZ_TYPE_OFFER ||
		    viz_offer_parse(&o, &e->record[r]) != VIZ_OK)
			continue;
		viz_evidence_parts_begin(&in, "vizinho/view");
		viz_evidence_parts_u64(&in, (uint64_t)o.drawn.ms);
		for (size_t i = 0; i < e->view_count; i++)
			viz_evidence_parts_add(&in, e->view[i].b, 32);
		n = write_hash(b, "vizinho/view", &in);
		if (FIELD(b, &digest, r, 8, 10))
			equal(b, viz_evidence_draft_place("h", n, "id", 0, 32), bare(digest, 32));
		viz_evidence_parts_begin(&of_author, "vizinho/author-items");
		viz_evidence_parts_add(&of_author, e->items.author.b, 32);
		viz_evidence_parts_u64(&of_author, 1);
		for (size_t i = 0; i < e->items.list.count; i++)
			write_item(b, &e->items.list.item[i], &of_author);
		write_hash(b, "vizinho/author-items", &of_author);
		return;
	}
}

/* The log from a CHOICE to the OFFER that names its offer as previous: each value is the hash of
 * the one before, and OFFER has the last one. */
static void write_stubs(struct viz_evidence_draft *b)
{
	const struct viz_evidence *e = b->e;
	struct viz_position at = {e->stub_log, e->stub_number, e->stub_before, 0};
	struct viz_evidence_parts_input in;
	struct viz_evidence_place field, value = {.len = 0};
	size_t n, id_at;

	for (size_t i = 0; i < e->stub_count; i++) {
		const struct viz_stub *stub = &e->stub[i];
		size_t record = viz_evidence_find(e, &stub->id);

		at.offer = stub->offer;
		viz_evidence_parts_begin(&in, "vizinho/log");
		viz_evidence_parts_add(&in, at.before.b, 32);
		viz_evidence_parts_u64(&in, at.log);
		viz_evidence_parts_u64(&in, at.number);
		viz_evidence_parts_u64(&in, at.offer);
		viz_evidence_parts_u64(&in, stub->type);
		viz_evidence_parts_u64(&in, stub->slot);
		viz_evidence_parts_add(&in, stub->id.b, 32);
		viz_hash_plain(&at.before, in.bytes, in.len);
		id_at = part_at(&in, 6);
		n = write_hash(b, "vizinho/log", &in);
		if (i > 0)
			equal(b, value,
			      viz_evidence_draft_place("h", n, "input",
						       1 + strlen("vizinho/log") + 8, 32));
		if (record < e->record_count)
			equal(b, viz_evidence_draft_place("h", n, "input", id_at, 32),
			      viz_evidence_draft_record(b, record, "id", 0, 32));
		value = viz_evidence_draft_place("h", n, "id", 0, 32);
		at.number++;
	}
	for (size_t r = 0; e->stub_count > 0 && r < viz_evidence_proof_count(e); r++) {
		struct viz_position of;

		if (e->record[r].type == VIZ_TYPE_OFFER &&
		    viz_position_parse(&of, &e->record[r]) == VIZ_OK && of.number == at.number &&
		    FIELD(b, &field, r, 8, 2))
			equal(b, value, bare(field, 32));
	}
}

/* That a PROTEST names the OFFER, and a reply a PROTEST that is attached. */
static void write_answer(struct viz_evidence_draft *b, size_t record)
{
	const struct viz_evidence *e = b->e;
	struct viz_evidence_place field;
	struct viz_protest p;
	struct viz_id offer;

	if (viz_protest_parse(&p, &e->record[record]) != VIZ_OK || !viz_evidence_offer(e, &offer))
		return;
	if (p.kind != VIZ_PROTEST_REPLY && FIELD(b, &field, record, 8, 4))
		equal(b, bare(field, 32),
		      viz_evidence_draft_record(b, viz_evidence_find(e, &offer), "id", 0, 32));
	for (size_t k = 0; k < p.reply_count; k++) {
		size_t i = viz_evidence_find(e, &p.reply[k].protest);

		if (i < e->record_count && FIELD(b, &field, record, 8, 8, k, 0))
			equal(b, bare(field, 32), viz_evidence_draft_record(b, i, "id", 0, 32));
	}
}

/* The number of the key file of this author and key; writes it when it is new. */
static size_t key_file(struct viz_evidence_draft *b, const struct viz_record *rec)
{
	uint32_t number = rec->type == VIZ_TYPE_SUCCESSION ? (uint32_t)rec->slot : rec->key;
	size_t author = author_number(b, &rec->author), n = b->key_count;
	struct viz_evidence_place field;
	uint8_t bytes[44];
	char base64[61], pem[160];
	struct viz_pub pub;

	for (size_t i = 0; i < n; i++)
		if (b->key_number[i] == number && viz_id_eq(&b->key_author[i], &rec->author))
			return i + 1;
	VIZ_REQUIRE(viz_evidence_key(b->e, &pub, &rec->author, number));
	b->key_number[n] = number;
	b->key_author[n] = rec->author;
	b->key_count++;
	memcpy(bytes, der, sizeof der);
	memcpy(bytes + sizeof der, pub.b, 32);
	viz_evidence_parts_base64(base64, bytes, sizeof bytes);
	snprintf(pem, sizeof pem, "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n",
		 base64);
	viz_evidence_draft_file(b, viz_evidence_draft_place("k", n + 1, "pem", 0, 0).file, pem,
				strlen(pem));
	if (number == 0) {
		equal(b, viz_evidence_draft_place("k", n + 1, "pem", sizeof der, 32),
		      viz_evidence_draft_place("h", b->author_hash[author], "input",
					       1 + strlen("vizinho/author") + 2 * 8 + 32, 32));
		return n + 1;
	}
	for (size_t i = 0; i < b->e->record_count; i++)
		if (b->e->record[i].type == VIZ_TYPE_SUCCESSION && b->e->record[i].slot == number &&
		    viz_id_eq(&b->e->record[i].author, &rec->author) && FIELD(b, &field, i, 8, 0))
			equal(b, viz_evidence_draft_place("k", n + 1, "pem", sizeof der, 32),
			      bare(field, 32));
	return n + 1;
}

static void write_record(struct viz_evidence_draft *b, size_t i)
{
	const struct viz_record *rec = &b->e->record[i];
	size_t author = author_number(b, &rec->author);
	bool proves = i < viz_evidence_proof_count(b->e);
	struct viz_evidence_parts_input in;
	struct viz_evidence_place field;
	char text[VIZ_TEXT_ID_MAX], name[16];
	struct viz_id id;

	viz_evidence_parts_begin(&in, "vizinho/record");
	viz_evidence_parts_add(&in, b->e->federation_id.b, 32);
	viz_evidence_parts_u64(&in, rec->type);
	viz_evidence_parts_add(&in, rec->bytes, rec->len);
	write_input(b, &id, viz_evidence_draft_record(b, i, "input", 0, 0),
		    viz_evidence_draft_record(b, i, "id", 0, 0), &in);
	viz_evidence_draft_file(b, viz_evidence_draft_record(b, i, "sig", 0, 0).file, rec->sig.b,
				sizeof rec->sig.b);
	equal(b, viz_evidence_draft_record(b, i, "input", part_at(&in, 0), 32),
	      viz_evidence_draft_place("h", 1, "id", 0, 32));
	if (FIELD(b, &field, i, 2))
		equal(b, bare(field, 32),
		      viz_evidence_draft_place("h", b->author_hash[author], "id", 0, 32));
	b->record_key[i] = key_file(b, rec);
	viz_id_text(text, "viz", rec->author.b);
	json_array_append_new(
	    proves ? b->records : b->replies,
	    json_pack("{s:s,s:i,s:s,s:s,s:o}", "file",
		      viz_evidence_draft_record(b, i, "input", 0, 0).file, "type", (int)rec->type,
		      "author", text, "key",
		      viz_evidence_draft_place("k", b->record_key[i], "pem", 0, 0).file, "id",
		      id_json(&id)));
	if (!proves)
		write_answer(b, i);
	snprintf(name, sizeof name, "%02u.time", (unsigned)(i + 1));
	if (proves && FIELD(b, &field, i, 6))
		json_object_set_new(b->claim, name,
				    json_pack("[s,I,I]", field.file, (json_int_t)field.offset,
					      (json_int_t)field.len));
	free(in.bytes);
}

static json_t *comparisons_json(const struct viz_evidence_draft *b,
				enum viz_evidence_relation relation)
{
	json_t *list = json_array();

	for (size_t i = 0; i < b->comparison_count; i++) {
		const struct viz_evidence_comparison *c = &b->comparison[i];

		if (c->relation != relation)
			continue;
		json_array_append_new(
		    list,
		    relation == VIZ_EVIDENCE_LESS
			? json_pack("[s,I,I,s,I,I]", c->a.file, (json_int_t)c->a.offset,
				    (json_int_t)c->a.len, c->b.file, (json_int_t)c->b.offset,
				    (json_int_t)c->b.len)
			: json_pack("[s,I,s,I,I]", c->a.file, (json_int_t)c->a.offset, c->b.file,
				    (json_int_t)c->b.offset, (json_int_t)c->a.len));
	}
	return list;
}

static void write_index(struct viz_evidence_draft *b)
{
	const struct viz_evidence *e = b->e;
	char accused[VIZ_TEXT_ID_MAX], *text;
	json_t *index, *offer = json_null();
	struct viz_id id;

	if (viz_evidence_offer(e, &id))
		offer = id_json(&id);
	viz_id_text(accused, "viz", e->accused.b);
	index = json_pack("{s:i,s:i,s:s,s:s,s:s,s:o,s:o,s:s,s:O,s:O,s:O,s:O,s:o,s:o,s:o}",
			  "version", 1, "rule", (int)e->rule, "name", viz_rules_name(e->rule),
			  "verdict", "contradiction", "accused", accused, "offer", offer, "about",
			  id_json(&e->about), "verify", b->complete ? "shell" : "node", "claim",
			  b->claim, "records", b->records, "replies", b->replies, "hashes",
			  b->hashes, "equal", comparisons_json(b, VIZ_EVIDENCE_EQUAL), "differ",
			  comparisons_json(b, VIZ_EVIDENCE_DIFFER), "less",
			  comparisons_json(b, VIZ_EVIDENCE_LESS));
	VIZ_REQUIRE(index);
	text = json_dumps(index, JSON_INDENT(1));
	VIZ_REQUIRE(text);
	viz_evidence_draft_file(b, "index.json", text, strlen(text));
	free(text);
	json_decref(index);
}

void viz_evidence_build(struct viz_evidence_folder *out, const struct viz_evidence *e)
{
	struct viz_evidence_draft *b = calloc(1, sizeof *b);

	VIZ_REQUIRE(b);
	b->e = e;
	b->records = json_array();
	b->replies = json_array();
	b->hashes = json_array();
	b->claim = json_object();
	write_federation(b);
	write_authors(b);
	for (size_t i = 0; i < e->record_count; i++)
		if (e->record[i].type == VIZ_TYPE_SUCCESSION)
			write_succession(b, i);
	write_heads(b);
	write_view(b);
	write_stubs(b);
	for (size_t i = 0; i < e->record_count; i++)
		write_record(b, i);
	viz_evidence_rules_compare(b);
	write_index(b);
	viz_evidence_script_write(b);
	*out = b->folder;
	json_decref(b->records);
	json_decref(b->replies);
	json_decref(b->hashes);
	json_decref(b->claim);
	free(b->comparison);
	free(b);
}
