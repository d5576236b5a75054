#include "tools/vizinho/network.h"

#include "crypto/id.h"
#include "proto/geo/region.h"
#include "tools/vizinho/client.h"
#include "tools/vizinho/reply.h"

#define MEMBERS_MAX 257 /* as many partners as a PARTNERS record lists, and oneself */

struct party {
	char *name;
	uint64_t *cells;
	size_t cells_n;
	struct viz_cep_range *ceps;
	size_t ceps_n;
	uint32_t *codes;
	size_t codes_n;
};

struct viz_network {
	struct viz_analyze_network coverage;
	struct viz_coverage_ad self;
	struct viz_coverage_ad partner[MEMBERS_MAX];
	struct party party[MEMBERS_MAX];
	size_t parties;
};

static void *grow(void *p, size_t count, size_t size)
{
	void *q = realloc(p, (count + 1) * size);

	VIZ_REQUIRE(q);
	return q;
}

static bool add_codes(struct party *p, const json_t *list)
{
	p->codes = grow(p->codes, p->codes_n + json_array_size(list), sizeof *p->codes);
	for (size_t i = 0; i < json_array_size(list); i++) {
		int64_t code = viz_reply_number(json_array_get(list, i), "code");

		if (code <= 0 || code > 9999999)
			return false;
		p->codes[p->codes_n++] = (uint32_t)code;
	}
	return true;
}

static bool add_ceps(struct party *p, const json_t *list)
{
	p->ceps = grow(p->ceps, p->ceps_n + json_array_size(list), sizeof *p->ceps);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *range = json_array_get(list, i);
		json_int_t from = json_integer_value(json_array_get(range, 0));
		json_int_t to = json_integer_value(json_array_get(range, 1));

		if (json_array_size(range) != 2 || from < 0 || to < from || to > VIZ_CEP_MAX)
			return false;
		p->ceps[p->ceps_n++] =
		    (struct viz_cep_range){.from = (uint32_t)from, .to = (uint32_t)to};
	}
	return true;
}

/* A region that does not unpack covers nothing, here as in the node. */
static bool add_region(struct party *p, const char *hex)
{
	size_t len = hex ? strlen(hex) / 2 : 0, n = 0;
	uint64_t *cells;
	uint8_t *bytes;
	bool sound;

	if (len == 0)
		return hex != NULL;
	bytes = grow(NULL, len, 1);
	cells = grow(NULL, VIZ_REGION_CELLS_MAX, sizeof *cells);
	sound = viz_hex_parse(bytes, len, hex) == VIZ_OK;
	if (sound && viz_region_decode(cells, &n, VIZ_REGION_CELLS_MAX, bytes, len) == VIZ_OK) {
		p->cells = grow(p->cells, p->cells_n + n, sizeof *p->cells);
		memcpy(p->cells + p->cells_n, cells, n * sizeof *cells);
		p->cells_n += n;
	}
	free(bytes);
	free(cells);
	return sound;
}

/* All of a member's advertisements count together. */
static bool add_member(struct viz_network *n, const json_t *member)
{
	const json_t *ads = json_object_get(member, "advertisements");
	const char *name = json_string_value(json_object_get(member, "name"));
	struct party *p = &n->party[n->parties];
	struct viz_coverage_ad *ad = json_is_true(json_object_get(member, "self"))
					 ? &n->self
					 : &n->partner[n->coverage.partners_n];

	if (n->parties == MEMBERS_MAX || !name)
		return false;
	n->parties++;
	p->name = strdup(name);
	VIZ_REQUIRE(p->name);
	for (size_t i = 0; i < json_array_size(ads); i++) {
		const json_t *o = json_array_get(ads, i);

		if (!add_codes(p, json_object_get(o, "municipalities")) ||
		    !add_ceps(p, json_object_get(o, "ceps")) ||
		    !add_region(p, json_string_value(json_object_get(o, "region"))))
			return false;
	}
	*ad = (struct viz_coverage_ad){.name = p->name,
				       .cells = p->cells,
				       .cells_n = p->cells_n,
				       .ceps = p->ceps,
				       .ceps_n = p->ceps_n,
				       .ibge = p->codes,
				       .ibge_n = p->codes_n};
	if (ad == &n->self)
		n->coverage.self = ad;
	else
		n->coverage.partners_n++;
	return true;
}

/* The reply comes in pages. */
static bool read_all(struct viz_network *n, const struct viz_cli *cli)
{
	char after[VIZ_TEXT_ID_MAX] = "";

	for (unsigned page = 0; page < MEMBERS_MAX; page++) {
		json_t *args = json_object(), *result = NULL;
		const json_t *members;
		const char *next;
		bool sound = true;

		if (after[0] != '\0')
			json_object_set_new(args, "cursor", json_string(after));
		if (viz_client_ask(&result, cli, "coverage.export", args) != VIZ_EXIT_OK)
			return false;
		members = json_object_get(result, "members");
		for (size_t i = 0; i < json_array_size(members) && sound; i++)
			sound = add_member(n, json_array_get(members, i));
		next = json_string_value(json_object_get(result, "cursor"));
		snprintf(after, sizeof after, "%s", next ? next : "");
		json_decref(result);
		if (!sound || after[0] == '\0')
			return sound;
	}
	return false;
}

struct viz_network *viz_network_ask(const struct viz_cli *cli)
{
	/* Errors are printed in words, because standard output belongs to the analysis. */
	struct viz_cli quiet = {.socket = cli->socket, .lang = cli->lang};
	struct viz_network *n;

	if (!viz_client_there(&quiet))
		return NULL;
	n = calloc(1, sizeof *n);
	VIZ_REQUIRE(n);
	n->coverage.partners = n->partner;
	if (read_all(n, &quiet))
		return n;
	viz_network_free(n);
	return NULL;
}

const struct viz_analyze_network *viz_network_coverage(const struct viz_network *n)
{
	return n ? &n->coverage : NULL;
}

void viz_network_free(struct viz_network *n)
{
	for (size_t i = 0; n && i < n->parties; i++) {
		free(n->party[i].name);
		free(n->party[i].cells);
		free(n->party[i].ceps);
		free(n->party[i].codes);
	}
	free(n);
}
