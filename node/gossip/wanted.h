/* What a node asks for besides logs: offers by OFFER_ASK, and NODEs and PARTNERS that a circle
 * record names by EVIDENCE_ASK. PROTOCOL.md sections 7 and 12. */
#ifndef VIZ_NODE_GOSSIP_WANTED_H
#define VIZ_NODE_GOSSIP_WANTED_H

#include "proto/base.h"

struct viz_core;
struct viz_link;
struct viz_mail_evidence;
struct viz_mail_evidence_ask;
struct viz_net;
struct viz_reader;
struct viz_record;

/* The questions of the last minutes, in rings: the oldest ones are forgotten first. */
struct viz_wanted {
	struct {
		struct viz_id id;
		uint64_t link; /* that was asked by OFFER_ASK; 0: by LOG_WANT */
		struct viz_time at;
	} offer[1024];
	size_t next_offer;
	struct {
		struct viz_id id, author, offer; /* of the record, who signed it, what names it */
		struct viz_id from;              /* who was asked */
		struct viz_time at;
	} named[128];
	size_t next_named;
	struct {
		struct viz_id id;
		struct viz_time at; /* when it had no room; 0: none */
	} refused[1024];            /* records, each at the place that its id gives */
};

/* Asks the peer for an OFFER that is not held, and for what follows it: once per link and minute.
 */
void viz_wanted_offer(struct viz_net *net, struct viz_link *link, const struct viz_id *offer);

/* Asks the peer for those offers that have not ended of origins in whose circle we are no more,
 * and for those of its log that we lack. */
void viz_wanted_left(struct viz_net *net, struct viz_link *link);

/* The peer is asked now for records of its own log. Whether it could have sent by now what it was
 * asked for on this link before: a link that dies has not answered. */
bool viz_wanted_in_vain(const struct viz_core *core, struct viz_link *link);

/* Notes that an OFFER was asked for by LOG_WANT. */
void viz_wanted_note(struct viz_net *net, const struct viz_id *offer);

/* Whether the OFFER was asked for within the last ten minutes. */
bool viz_wanted_was(const struct viz_net *net, const struct viz_id *offer);

/* The origin's share has no room for this record of its log. */
void viz_wanted_refuse(struct viz_net *net, const struct viz_id *id);

/* Whether there was none within the last ten minutes, for this record of a log or for the OFFER
 * that it follows. Then it is dropped unchecked, and no peer is asked for its OFFER; where the log
 * has told its stub, it is not lacking. */
bool viz_wanted_was_refused(struct viz_net *net, const struct viz_record *rec);

/* Message OFFER_ASK: sends what is held of these offers and may be sent on the link. */
void viz_wanted_asked(struct viz_net *net, struct viz_link *link, struct viz_reader *r);

/* Asks the peer for a NODE or PARTNERS of `author` that the OFFER `offer`, or a PROTEST (then
 * zeros), names: once per link and id in ten minutes. When PARTNERS has come, the offer is asked
 * for; for a PROTEST the link is compared again. */
void viz_wanted_named(struct viz_net *net, struct viz_link *link, const struct viz_id *author,
		      const struct viz_id *id, const struct viz_id *offer);

/* Mail EVIDENCE_ASK and EVIDENCE for what is named (their field `named`). */
void viz_wanted_named_asked(struct viz_net *net, const struct viz_id *from,
			    const struct viz_mail_evidence_ask *ask);
void viz_wanted_named_received(struct viz_net *net, const struct viz_id *from,
			       const struct viz_mail_evidence *mail);

#endif
