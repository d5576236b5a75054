/* Judges the log of an origin by its records and by the heads that it has opened. PROTOCOL.md
 * sections 9 and 13. */
#ifndef VIZ_NODE_AUDIT_JUDGE_LOG_H
#define VIZ_NODE_AUDIT_JUDGE_LOG_H

#include "proto/base.h"

struct viz_chain;
struct viz_core;
struct viz_id;
struct viz_net;
struct viz_opening;
struct viz_record;
struct viz_rules_head;
struct viz_trust;

/* An OFFER, CLOSE, RESULT or CHOICE has come, or makes its place dead. */
void viz_audit_log_record(struct viz_trust *trust, const struct viz_record *rec);

/* An origin has opened a head to us. */
void viz_audit_log_opened(struct viz_net *net, const struct viz_id *origin,
			  const struct viz_opening *opening);

/* The stubs of an origin's log are here, and give the head that it has opened last. */
void viz_audit_log_met(struct viz_net *net, const struct viz_id *origin,
		       const struct viz_chain *chain);

/* Whether this record can convict its author: its key has not ended, or it stands in its log under
 * the head of a later key. */
bool viz_audit_log_counts(struct viz_trust *trust, const struct viz_record *rec);

/* Called with another record of the log, and whether its place is dead; or with a head. The other
 * one is NULL. Both are borrowed for the call. */
typedef void (*viz_audit_log_visit)(void *arg, const struct viz_record *other, bool dead,
				    const struct viz_rules_head *head);

/* Visits what this record must fit: another one of its number, those next to it that are held, and
 * the opened heads. It must not write. */
void viz_audit_log_witnesses(struct viz_core *core, const struct viz_record *rec,
			     viz_audit_log_visit visit, void *arg);

#endif
