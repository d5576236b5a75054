#include "crypto/id.h"
#include "node/control/request.h"
#include "node/core/core.h"
#include "node/core/ids.h"
#include "node/link/net.h"
#include "node/trust/member.h"
#include "node/trust/trust.h"
#include "proto/base.h"
#include "proto/limits.h"
#include "proto/reader.h"
#include "proto/text.h"

#include <jansson.h>

#define CANDIDATES_MAX 8 /* named in an error */

/* A hash that is equal for names that a person may confuse: it ignores the case of a to z, spaces
 * and ASCII punctuation. FNV-1a, 64 bits. */
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

/* Reads the folded names of all members and peers and of ourselves, ascending. Once a request. */
static void read_names(struct viz_request *req)
{
	const struct viz_directory *d = &req->net->trust->directory;

	req->names = viz_core_alloc((d->count + 1) * sizeof *req->names);
	req->names[req->name_count++] = fold(req->net->trust->profile.name);
	for (size_t i = 0; i < d->count; i++) {
		const struct viz_member *m = d->list[i];

		if ((m->member || m->peer.present) &&
		    !viz_id_eq(&m->id, &req->net->trust->self.author))
			req->names[req->name_count++] = fold(viz_member_name(m));
	}
	qsort(req->names, req->name_count, sizeof *req->names, fold_cmp);
}

/* Whether somebody else has the same name. */
static bool is_common(struct viz_request *req, const struct viz_member *m)
{
	uint64_t own = fold(viz_member_name(m)), *at;

	if (!req->names)
		read_names(req);
	at = bsearch(&own, req->names, req->name_count, sizeof own, fold_cmp);
	return at && ((at > req->names && at[-1] == own) ||
		      (at + 1 < req->names + req->name_count && at[1] == own));
}

/* The name with CNPJ and id. The id makes it unique: anybody can claim a CNPJ. */
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

void viz_control_name_label(struct viz_request *req, char out[VIZ_CONTROL_LABEL_MAX],
			    const struct viz_member *m)
{
	if (is_common(req, m))
		full_label(out, m);
	else
		snprintf(out, VIZ_CONTROL_LABEL_MAX, "%s", viz_member_name(m));
}

json_t *viz_control_name_label_json(struct viz_request *req, const struct viz_member *m)
{
	char label[VIZ_CONTROL_LABEL_MAX];

	viz_control_name_label(req, label, m);
	return json_string(label);
}

void viz_control_name_set_node(json_t *o, const char *name, struct viz_trust *trust,
			       const struct viz_id *id)
{
	json_t *node;

	if (viz_id_is_zero(id))
		return;
	node = json_object();
	viz_request_set_id(node, "id", id);
	json_object_set_new(node, "name", json_string(viz_control_name(trust, id)));
	json_object_set_new(o, name, node);
}

json_t *viz_control_name_json(struct viz_request *req, const struct viz_member *m)
{
	json_t *o = json_object();

	viz_request_set_id(o, "id", &m->id);
	json_object_set_new(o, "name", json_string(viz_member_name(m)));
	json_object_set_new(o, "label", viz_control_name_label_json(req, m));
	return o;
}

const char *viz_control_name(struct viz_trust *trust, const struct viz_id *id)
{
	const struct viz_member *m = viz_member_find(trust, id);

	return m ? viz_member_name(m) : "?";
}

static bool is_hex_prefix(const char *text, const struct viz_id *id)
{
	char hex[65];
	size_t len = strlen(text);

	viz_hex(hex, id->b, sizeof id->b);
	return len >= 8 && len <= 64 && strncasecmp(hex, text, len) == 0;
}

static void ambiguous(struct viz_request *req, struct viz_member *const *found, size_t n)
{
	char text[CANDIDATES_MAX * (VIZ_CONTROL_LABEL_MAX + 2) + 8] = "";
	size_t len = 0;

	json_decref(req->candidates);
	req->candidates = json_array();
	for (size_t i = 0; i < n && i < CANDIDATES_MAX; i++) {
		char label[VIZ_CONTROL_LABEL_MAX];

		full_label(label, found[i]);
		json_array_append_new(req->candidates, json_string(label));
		len +=
		    (size_t)snprintf(text + len, sizeof text - len, "%s%s", i ? "; " : "", label);
	}
	viz_request_fail(
	    req, VIZ_ERR_INPUT, VIZ_CODE_AMBIGUOUS,
	    "%zu peers match: give the whole name, or the id or its first 8 digits: %s%s", n, text,
	    n > CANDIDATES_MAX ? "; ..." : "");
}

/* Whether the caller lets this peer be meant (`among` NULL: any). */
static bool may_mean(const struct viz_id *among, size_t count, const struct viz_id *id)
{
	return !among || viz_ids_contain(among, count, id);
}

struct viz_member *viz_control_name_find_among(struct viz_request *req, const char *text,
					       const struct viz_id *among, size_t count)
{
	const struct viz_directory *d = &req->net->trust->directory;
	struct viz_member
	    *found[2][CANDIDATES_MAX]; /* by a whole name or id; by a part of a name */
	size_t n[2] = {0, 0};
	bool parts;
	struct viz_id id;

	if (viz_id_parse(id.b, "viz", text) == VIZ_OK)
		return may_mean(among, count, &id) ? viz_member_find(req->net->trust, &id) : NULL;
	for (size_t i = 0; i < d->count; i++) {
		struct viz_member *m = d->list[i];
		const char *name = viz_member_name(m);
		bool whole = is_hex_prefix(text, &m->id) || strcasecmp(name, text) == 0;

		if (viz_id_eq(&m->id, &req->net->trust->self.author) ||
		    !may_mean(among, count, &m->id) || (!whole && !strcasestr(name, text)))
			continue;
		if (n[!whole] < CANDIDATES_MAX)
			found[!whole][n[!whole]] = m;
		n[!whole]++;
	}
	parts = n[0] == 0;
	if (n[parts] > 1)
		ambiguous(req, found[parts], n[parts]);
	return n[parts] == 1 ? found[parts][0] : NULL;
}

struct viz_member *viz_control_name_find_peer(struct viz_request *req, const char *text)
{
	return viz_control_name_find_among(req, text, NULL, 0);
}

/* Whether a person means this node itself. */
static bool is_self(struct viz_trust *trust, const char *text)
{
	struct viz_id id;

	return viz_id_parse(id.b, "viz", text) == VIZ_OK
		   ? viz_id_eq(&id, &trust->self.author)
		   : strcasecmp(trust->profile.name, text) == 0 ||
			 is_hex_prefix(text, &trust->self.author);
}

struct viz_member *viz_control_name_peer(struct viz_request *req, const char *name)
{
	const char *text = viz_field_text(req->args, name);
	struct viz_member *m = viz_control_name_find_peer(req, text);

	if ((!m && req->code == VIZ_CODE_COUNT && is_self(req->net->trust, text)) ||
	    (m && viz_id_eq(&m->id, &req->net->trust->self.author))) {
		viz_request_wrong(req, VIZ_CODE_OWN_NODE, name, "\"%s\" is this node itself", text);
		return NULL;
	}
	if (!m && req->code == VIZ_CODE_COUNT)
		viz_request_wrong(req, VIZ_CODE_NO_SUCH_PEER, name, "no peer matches \"%s\"", text);
	return m;
}
