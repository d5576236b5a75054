/* Hands to the rules (audit/rules.h) what this node holds, and keeps what they find. */
#ifndef VIZ_NODE_AUDIT_JUDGE_H
#define VIZ_NODE_AUDIT_JUDGE_H

#include "proto/base.h"

struct viz_id;
struct viz_inbox;
struct viz_net;
struct viz_partners;
struct viz_rules_item;
struct viz_trust;
struct viz_reader;
struct viz_record;

/* An OFFER has come: judges its place in the log of its origin. One of a key that has ended gets
 * its row in the inbox here, as nobody acts on it. */
void viz_audit_judge_offer(struct viz_net *net, const struct viz_record *rec,
			   const struct viz_id *id);

/* The mail [PLEDGE, reason] has come and was taken. When another PLEDGE of its author counts for
 * the offer already, this one is kept beside it as proof. */
void viz_audit_judge_pledge(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

/* The view of a partner's OFFER is here with all its records, and `named`, the origin's PARTNERS
 * that the OFFER names. Judges the OFFER's lists, and writes `in`. Gives whether anything was
 * found. */
bool viz_audit_judge_lists(struct viz_trust *trust, struct viz_inbox *in,
			   const struct viz_partners *named, const struct viz_rules_item *view,
			   size_t n);

/* CLOSE `rec` of the offer has come. Gives whether an entry of it is forged: the proof may need the
 * view. */
bool viz_audit_judge_close(struct viz_trust *trust, const struct viz_inbox *in,
			   const struct viz_record *rec);

/* A RESULT or CHOICE has come. They are judged, as far as they are here. */
void viz_audit_judge_result(struct viz_net *net, const struct viz_record *rec,
			    const struct viz_id *id);

/* The origin has acknowledged our pledge or our reveal; CLOSE or RESULT may have come before. */
void viz_audit_judge_ack(struct viz_net *net, const struct viz_record *rec,
			 struct viz_reader *body);

/* Judges the leases that we have had of this offer anew: what was missing of the log may have come.
 * Gives how many stubs of it that looked at: twice VIZ_AUDIT_NEXT_STUBS at most. */
size_t viz_audit_judge_leases(struct viz_trust *trust, const struct viz_inbox *in);

#endif
