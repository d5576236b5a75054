#include "crypto/identity.h"
#include "node/control/control.h"
#include "node/core/core.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/text.h"

#include <jansson.h>

#define CANDIDATES_MAX 8 /* named in an error */

/* What a reader may take for the same: case of a-z, spaces and ASCII's punctuation do not count. */
static uint64_t fold(const char *name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *name; name++) {
		unsigned char ch = (unsigned char)*name;
		size_t blank = viz_text_blank(name);

		if (blank > 0) {
			name += blank - 1;
			continue;
		}
		if (ch >= 'A' && ch <= 'Z')
			ch = (unsigned char)(ch - 'A' + 'a');
		if (ch < 0x80 && !(ch >= 'a' && ch <= 'z') && !(ch >= '0' && ch <= '9'))
			continue;
		h = (h ^ ch) * UINT64_C(0x100000001b3);
	}
	return h;
}

static int fold_cmp(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The folded names of all that one may deal with, ascending: once for a request. */
static void read_names(struct viz_request *c)
{
	const struct viz_directory *d = &c->net->trust->directory;

	c->names = viz_core_alloc((d->count + 1) * sizeof *c->names);
	c->names[c->name_count++] = fold(c->net->trust->profile.name);
	for (size_t i = 0; i < d->count; i++) {
		const struct viz_member *m = d->list[i];

		if ((m->member || m->peer.present) &&
		    !viz_id_eq(&m->id, &c->net->trust->self.author))
			c->names[c->name_count++] = fold(viz_member_name(m));
	}
	qsort(c->names, c->name_count, sizeof *c->names, fold_cmp);
}

static bool is_common(struct viz_request *c, const struct viz_member *m)
{
	uint64_t own = fold(viz_member_name(m)), *at;

	if (!c->names)
		read_names(c);
	at = bsearch(&own, c->names, c->name_count, sizeof own, fold_cmp);
	return at && ((at > c->names && at[-1] == own) ||
		      (at + 1 < c->names + c->name_count && at[1] == own));
}

/* The name with what tells it from any other: CNPJs are claimed, ids are not. */
static void full_label(char out[VIZ_CONTROL_LABEL_MAX], const struct viz_member *m)
{
	const char *cnpj = m->has_node ? m->node.cnpj : "";
	char hex[9];

	viz_hex(hex, m->id.b, 4);
	snprintf(out, VIZ_CONTROL_LABEL_MAX, "%s (%s%s%s)", viz_member_name(m),
		 cnpj[0] ? "CNPJ " : "", cnpj, cnpj[0] ? "" : hex);
	if (cnpj[0])
		snprintf(out + strlen(out) - 1, 12, ", %s)", hex);
}

void viz_control_label(struct viz_request *c, char out[VIZ_CONTROL_LABEL_MAX],
		       const struct viz_member *m)
{
	if (is_common(c, m))
		full_label(out, m);
	else
		snprintf(out, VIZ_CONTROL_LABEL_MAX, "%s", viz_member_name(m));
}

static bool is_hex_prefix(const char *text, const struct viz_id *id)
{
	char hex[65];
	size_t len = strlen(text);

	viz_hex(hex, id->b, sizeof id->b);
	return len >= 8 && len <= 64 && strncasecmp(hex, text, len) == 0;
}

static void ambiguous(struct viz_request *c, struct viz_member *const *found, size_t n)
{
	char text[CANDIDATES_MAX * (VIZ_CONTROL_LABEL_MAX + 2) + 8] = "";
	size_t len = 0;

	json_decref(c->candidates);
	c->candidates = json_array();
	for (size_t i = 0; i < n && i < CANDIDATES_MAX; i++) {
		char label[VIZ_CONTROL_LABEL_MAX];

		full_label(label, found[i]);
		json_array_append_new(c->candidates, json_string(label));
		len +=
		    (size_t)snprintf(text + len, sizeof text - len, "%s%s", i ? "; " : "", label);
	}
	viz_control_fail(
	    c, VIZ_ERR_INPUT, "ambiguous",
	    "%zu peers match: give the whole name, or the id or its first 8 digits: %s%s", n, text,
	    n > CANDIDATES_MAX ? "; ..." : "");
}

static bool among_these(const struct viz_id *among, size_t count, const struct viz_id *id)
{
	for (size_t i = 0; among && i < count; i++)
		if (viz_id_eq(&among[i], id))
			return true;
	return !among;
}

struct viz_member *viz_control_find_among(struct viz_request *c, const char *text,
					  const struct viz_id *among, size_t count)
{
	const struct viz_directory *d = &c->net->trust->directory;
	struct viz_member *found[2][CANDIDATES_MAX]; /* whole names and ids; parts of names */
	size_t n[2] = {0, 0};
	bool parts;
	struct viz_id id;

	if (viz_id_parse(id.b, "viz", text) == VIZ_OK)
		return among_these(among, count, &id) ? viz_member_find(c->net->trust, &id) : NULL;
	for (size_t i = 0; i < d->count; i++) {
		struct viz_member *m = d->list[i];
		const char *name = viz_member_name(m);
		bool whole = is_hex_prefix(text, &m->id) || strcasecmp(name, text) == 0;

		if (viz_id_eq(&m->id, &c->net->trust->self.author) ||
		    !among_these(among, count, &m->id) || (!whole && !strcasestr(name, text)))
			continue;
		if (n[!whole] < CANDIDATES_MAX)
			found[!whole][n[!whole]] = m;
		n[!whole]++;
	}
	parts = n[0] == 0;
	if (n[parts] > 1)
		ambiguous(c, found[parts], n[parts]);
	return n[parts] == 1 ? found[parts][0] : NULL;
}

struct viz_member *viz_control_find_peer(struct viz_request *c, const char *text)
{
	return viz_control_find_among(c, text, NULL, 0);
}

struct viz_member *viz_control_peer(struct viz_request *c, const char *name)
{
	char text[VIZ_NAME_MAX + 1];
	struct viz_member *m;

	if (viz_control_text(c, text, VIZ_NAME_MAX, name, 1, NULL) != VIZ_OK)
		return NULL;
	m = viz_control_find_peer(c, text);
	if (!m && c->code[0] == '\0')
		viz_control_fail(c, VIZ_ERR_ABSENT, "no-such-peer", "no peer matches \"%s\"", text);
	return m;
}
