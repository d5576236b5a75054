/* What the operators and agents of a nation ask their nodes. */
#include "tests/sim/nation.h"

#include <jansson.h>
#include "crypto/crypto.h"
#include "crypto/id.h"
#include "crypto/sign.h"
#include "node/core/core.h"
#include "proto/base.h"
#include "tests/sim/check.h"

void nation_cover(struct nation *w, struct nation_node *n)
{
	char json[256];

	snprintf(json, sizeof json,
		 "{\"op\":\"coverage.import\",\"args\":{\"name\":\"rede\",\"municipalities\":[{"
		 "\"code\":%u}],"
		 "\"down_mbps\":%u}}",
		 nation_municipality(w, n->index), 100 + (unsigned)sim_below(&w->rng, 900));
	/* while its clock is wrong a node signs nothing */
	if (!strstr(nation_ask(w, n, json), "\"ok\":true") && n->skew_ms == 0)
		fprintf(stderr, "sim: coverage.import: %s\n", n->reply ? n->reply : "no reply");
}

void nation_rotate(struct nation *w, struct nation_node *n)
{
	struct viz_secret following;
	struct viz_signer signer;
	struct viz_id hash;
	char json[512], seed[65], next[65];

	nation_seed(&following, w, "following", n->index, n->rotations++);
	viz_sign_seed_keypair(&signer, &following);
	viz_id_next_hash(&hash, &signer.pub);
	viz_hex(seed, n->next_seed.b, sizeof n->next_seed.b);
	viz_hex(next, hash.b, sizeof hash.b);
	snprintf(
	    json, sizeof json,
	    "{\"op\":\"key.rotate\",\"args\":{\"next_seed\":\"%s\",\"following_hash\":\"%s\"}}",
	    seed, next);
	nation_ask(w, n, json);
	n->next_seed = following;
}

void nation_revoke(struct nation *w, struct nation_node *n)
{
	char json[1200], hex[1025];

	viz_hex(hex, n->revocation, n->revocation_len);
	snprintf(json, sizeof json, "{\"op\":\"key.revoke\",\"args\":{\"revocation\":\"%s\"}}",
		 hex);
	nation_ask(w, n, json);
}

static json_t *ask_json(struct nation *w, struct nation_node *n, const char *text)
{
	json_t *reply = json_loads(nation_ask(w, n, text), 0, NULL);
	json_t *result = json_incref(json_object_get(reply, "result"));

	json_decref(reply);
	return result;
}

/* A customer of this origin. Returns the lead's slot as text, owned; NULL: there was no offer. */
char *nation_offer(struct nation *w, struct nation_node *n, unsigned number)
{
	char place[200], json[8192], *text, *contact, *slot = NULL;
	json_t *drawn, *made, *consent;

	snprintf(
	    place, sizeof place,
	    "{\"municipality\":{\"code\":%u},\"cep\":29100101,\"precision_m\":10,\"lat_udeg\":%d,"
	    "\"lon_udeg\":%d,\"cell\":0}",
	    nation_municipality(w, n->index), SIM_CANARY_LAT, SIM_CANARY_LON);
	snprintf(json, sizeof json, "{\"op\":\"lead.draw\",\"args\":{\"place\":%s}}", place);
	drawn = ask_json(w, n, json);
	consent = json_object_get(drawn, "consent");
	if (!consent) {
		if (getenv("VIZ_NATION_LOG"))
			fprintf(stderr, "lead.draw: %s\n", n->reply);
		json_decref(drawn);
		return NULL;
	}
	text = json_dumps(json_object_get(consent, "text"), JSON_ENCODE_ANY);
	contact = json_object_get(consent, "contact_text")
		      ? json_dumps(json_object_get(consent, "contact_text"), JSON_ENCODE_ANY)
		      : strdup("\"\"");
	snprintf(json, sizeof json,
		 "{\"op\":\"lead.offer\",\"args\":{\"draw\":%lld,\"protocol\":\"P%u\",\"place\":%s,"
		 "\"consent\":{\"given\":true,\"contact_given\":true,\"text\":%s,\"contact_text\":%"
		 "s}%s}}",
		 (long long)json_integer_value(json_object_get(drawn, "draw")), number, place, text,
		 contact,
		 strlen(contact) > 2 ? ",\"contact\":{\"name\":\"Maria\",\"phone\":\"27999990000\","
				       "\"address\":\"Rua A 1\"}"
				     : "");
	made = ask_json(w, n, json);
	text = (free(text), free(contact), NULL);
	if (json_object_get(made, "lead"))
		slot =
		    strdup(json_string_value(json_object_get(json_object_get(made, "lead"), "id")));
	else if (getenv("VIZ_NATION_LOG"))
		fprintf(stderr, "lead.offer: %s\n", n->reply ? n->reply : "");
	json_decref(made);
	json_decref(drawn);
	return slot;
}

/* The customer takes the first of the proposals. */
bool nation_choose(struct nation *w, struct nation_node *n, const char *slot)
{
	char json[8192], *text;
	json_t *seen, *first;
	bool ok;

	snprintf(json, sizeof json, "{\"op\":\"lead.proposals\",\"args\":{\"lead\":\"%s\"}}", slot);
	seen = ask_json(w, n, json);
	first = json_array_get(json_object_get(seen, "proposals"), 0);
	if (!first) {
		json_decref(seen);
		return false;
	}
	text = json_dumps(json_object_get(first, "consent_text"), JSON_ENCODE_ANY);
	snprintf(json, sizeof json,
		 "{\"op\":\"lead.choose\",\"args\":{\"lead\":\"%s\",\"peer\":\"%s\",\"contact\":{"
		 "\"name\":\"Maria\",\"phone\":\"27999990000\",\"address\":\"Rua A 1\",\"date\":"
		 "\"2026-12-01\"},\"consent\":{\"given\":true,\"text\":%s}}}",
		 slot, json_string_value(json_object_get(first, "id")), text);
	ok = strstr(nation_ask(w, n, json), "\"ok\":true") != NULL;
	free(text);
	json_decref(seen);
	return ok;
}
