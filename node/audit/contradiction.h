/* Whether a handful of signed records shows a contradiction: the rules over them, without a node.
 * The origin of the handful does not matter. PROTOCOL.md section 13. */
#ifndef VIZ_NODE_AUDIT_CONTRADICTION_H
#define VIZ_NODE_AUDIT_CONTRADICTION_H

#include "node/audit/rules.h"
#include "proto/mail.h"
#include "proto/message.h"

/* An opened head, with the seq of its NODE. */
struct viz_contradiction_head {
	uint64_t seq;
	struct viz_rules_head head; /* `node` and `time` are read from the NODE */
};

/* All items of one author in a view. */
struct viz_contradiction_items {
	struct viz_id author;
	struct viz_view_items list;
};

/* All pointers are borrowed. */
struct viz_contradiction {
	const struct viz_federation *federation;
	enum viz_rule rule; /* what is claimed */
	struct viz_id accused, about;
	const struct viz_record *record; /* of any author, with good signatures */
	size_t record_count;
	const struct viz_rules_key *key; /* key 0 of their authors */
	size_t key_count;
	const struct viz_contradiction_head *head; /* of NODEs among the records */
	size_t head_count;
	const struct viz_id *view; /* the hashes of a view, in order */
	size_t view_count;
	const struct viz_contradiction_items *items; /* of authors in it */
	size_t items_count;
	const struct viz_stub *stub; /* of the log right before the later OFFER */
	size_t stub_count;
};

/* Whether the records show what is claimed. They must be of the federation, and each signed by a
 * key of its author: the caller has checked that. */
bool viz_contradiction_shows(const struct viz_contradiction *p);

/* Whether the rule is about a contradiction, and not a suspicion. */
bool viz_contradiction_possible(enum viz_rule rule);

#endif
