/* Evidence from nodes that live: each contradiction that an honest node holds is exported by a
 * request, as `vizinho audit export` sends it, and what the folder is built from is checked. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/audit/finding.h"
#include "node/node.h"
#include "node/state.h"
#include "proto/base.h"
#include "proto/reader.h"
#include "store/store.h"
#include "store/tables.h"
#include "tests/sim/play.h"
#include "tools/vizinho/evidence.h"

#define REPLY_MS 2000

/* The findings of this node that outsiders can be shown. */
static size_t list(char (**ids)[VIZ_FINDING_ID_MAX], uint8_t **rules, struct sim_machine *m)
{
	struct viz_slice key, value;
	size_t n = 0, id_room = 0, rule_room = 0;
	struct viz_walk walk;

	VIZ_REQUIRE(viz_store_begin(m->store) == VIZ_OK);
	viz_walk_init(&walk, m->store, VIZ_TABLE_FINDING, NULL, 0);
	while (viz_walk_next(&walk, &key, &value)) {
		struct viz_finding f;

		VIZ_REQUIRE(VIZ_PARSE(finding, &f, value.p, value.len) == VIZ_OK);
		if (f.verdict != VIZ_VERDICT_CONTRADICTION)
			continue;
		*ids = sim_more(*ids, n, &id_room, sizeof **ids);
		*rules = sim_more(*rules, n, &rule_room, sizeof **rules);
		viz_finding_id_text((*ids)[n], &f);
		(*rules)[n++] = key.p[40];
	}
	viz_store_abort(m->store);
	return n;
}

void sim_export(struct sim_world *w)
{
	for (unsigned i = 0; i < w->count; i++) {
		struct sim_machine *m = &w->machine[i];
		char(*ids)[VIZ_FINDING_ID_MAX] = NULL;
		uint8_t *rules = NULL;
		size_t n = 0;

		if (m->node && m->lies == 0)
			n = list(&ids, &rules, m);
		for (size_t k = 0; k < n; k++) {
			w->exported.asked++;
			sim_ask(w, m, SIM_ASK_EXPORT, rules[k],
				"{\"op\":\"audit.export\",\"args\":{\"finding\":\"%s\"}}", ids[k]);
		}
		free(ids);
		free(rules);
	}
	sim_world_run_until(w, w->now + REPLY_MS);
}

/* What is wrong with the evidence; NULL: an outsider is convinced. */
static const char *judge(const json_t *result)
{
	struct viz_evidence *e = calloc(1, sizeof *e);
	struct viz_evidence_folder folder = {0};
	const char *bad = NULL;
	size_t record;

	VIZ_REQUIRE(e);
	if (viz_evidence_from_reply(e, result) != VIZ_OK)
		bad = "is not read";
	else if (viz_evidence_check(e, &record) != VIZ_OK)
		bad = "proves nothing";
	if (!bad) {
		viz_evidence_build(&folder, e);
		if (folder.count == 0)
			bad = "makes no folder";
	}
	viz_evidence_folder_free(&folder);
	viz_evidence_free(e);
	free(e);
	return bad;
}

void sim_export_reply(struct sim_world *w, struct sim_machine *m, const struct sim_query *q,
		      bool ok, const json_t *result)
{
	const char *name = json_string_value(json_object_get(result, "code"));
	const char *bad = ok ? judge(result) : name;

	if (!ok && name && strcmp(name, "proof-needed") == 0) {
		w->exported.asked--; /* the customer alone adds it */
		return;
	}
	if (!bad)
		w->exported.proved++;
	else
		fprintf(stderr, "sim: seed %llu: evidence of rule %zu, held by %s: %s\n",
			(unsigned long long)w->options.seed, q->ref, m->name, bad);
}
