/* What happens, for people: an entry of the journal, and a line of the log that names partner and
 * lead and never a person. The hook of the operator gets each entry (control/hook.h).
 *
 * In a text {peer} is the name of the other node, and {lead} the lead: "20261123-1" of ours,
 * "a1b2c3d4-20261123-1" of another origin. Priorities are those of syslog: what somebody must look
 * at is 4 or less, what the day brings is 5. */
#ifndef VIZ_NODE_TRUST_NOTICE_H
#define VIZ_NODE_TRUST_NOTICE_H

#include "proto/base.h"

struct viz_journal_entry;
struct viz_trust;

/* Name, word in the journal, priority, text. */
#define VIZ_NOTICES(X)                                                                             \
	/* a lead of ours */                                                                       \
	X(OFFER, "offer", 5, "lead {lead}: the partners are asked")                                \
	X(CLOSE, "close", 6, "lead {lead}: the answers are in")                                    \
	X(RESULT, "result", 5, "lead {lead}: its result is there")                                 \
	X(CHOICE, "choice", 6, "lead {lead}: the choice is signed")                                \
	X(AWARD, "award", 5, "lead {lead} goes to {peer}")                                         \
	X(DELIVERED, "delivered", 5, "lead {lead} is delivered: {peer} has confirmed it")          \
	X(CONTACTED, "contacted", 5, "lead {lead}: {peer} has called the customer")                \
	X(INSTALLED, "installed", 5, "lead {lead}: {peer} has installed")                          \
	X(LOST, "lost", 5, "lead {lead}: {peer} has lost it")                                      \
	X(RECALL, "recall", 5, "lead {lead} is taken back from {peer}")                            \
	X(RELEASED, "released", 4, "lead {lead} was given back by {peer}")                         \
	X(ERASE, "erase", 6, "lead {lead}: its personal data is erased here")                      \
	X(ASK_AGAIN, "ask-again", 6, "lead {lead}: kept until a neighbour comes")                  \
	X(NEIGHBOUR, "neighbour-came", 5,                                                          \
	  "lead {lead}: a neighbour serves the place now: ask the customer again")                 \
	X(REPLY, "reply", 5, "lead {lead}: a reply to a protest of {peer} is signed")              \
	/* a lead of a partner */                                                                  \
	X(ASKED, "asked", 6, "lead {lead}: {peer} asks whether we serve the place")                \
	X(BY_HAND, "answer-by-hand", 4,                                                            \
	  "lead {lead} of {peer} waits for an answer by hand: vizinho inbox list")                 \
	X(HANDOFF, "handoff", 4,                                                                   \
	  "lead {lead}: a customer of {peer} has chosen us: vizinho inbox list")                   \
	X(WITHDRAWN, "withdrawn", 5, "lead {lead} is taken back by {peer} or by the customer")     \
	X(ERASED, "erased", 6, "lead {lead} of {peer}: its personal data is erased here")          \
	X(PROTEST, "protest", 4, "lead {lead}: {peer} did not hear us, and we said so")            \
	/* partners */                                                                             \
	X(CAME, "peer-came", 4,                                                                    \
	  "{peer} accepted our invitation: confirm it with `vizinho peer trust`")                  \
	X(DEAD, "invitation-dead", 4,                                                              \
	  "{peer} says that its invitation was used, cancelled or is over: ask for a new one")     \
	X(SET, "peer-set", 5, "{peer}: our operator has changed how we stand to it")               \
	X(PARTNER, "partner", 5, "{peer} is a partner from now on")                                \
	X(NO_PARTNER, "partner-ended", 4, "{peer} is a partner no longer: vizinho peer show")      \
	X(PEER_KEY, "peer-key", 4, "{peer} has changed its key")                                   \
	X(PEER_REVOKED, "peer-revoked", 3, "the key of {peer} is revoked: call it")                \
	X(PEER_COVERAGE, "peer-coverage", 5, "{peer} has changed its coverage")                    \
	X(PEER_CLONE, "peer-clone", 3,                                                             \
	  "{peer} answers at two places: its links replace each other. Tell its operator")         \
	X(PEER_CLOCK, "peer-clock", 4, "the clock of {peer} differs from ours: vizinho status")    \
	X(FINDING, "finding", 4, "{peer}: the audit has found something: vizinho audit")           \
	/* ourselves */                                                                            \
	X(KEY, "key", 5, "our key has changed")                                                    \
	X(KEY_REVOKED, "key-revoked", 3, "our key is revoked: this node signs nothing any more")   \
	X(COVERAGE, "coverage", 5, "our coverage has changed")                                     \
	X(CLONE, "clone", 3,                                                                       \
	  "{peer} says that this node answers at two places: make sure that no copy of it runs")   \
	X(QUARANTINE, "quarantine", 3,                                                             \
	  "this node signs nothing for now: a copy of it runs, or its state is an old one")        \
	X(CLOCK, "clock", 3, "our clock is wrong: several peers differ from it likewise")          \
	X(SPACE, "space", 4,                                                                       \
	  "the store has used 70 % of what it may take on this disk: vizinho status")

#define VIZ_NOTICE_NAME(name, word, priority, text) VIZ_NOTICE_##name,
enum viz_notice { VIZ_NOTICES(VIZ_NOTICE_NAME) VIZ_NOTICE_COUNT };
#undef VIZ_NOTICE_NAME

/* Adds an entry, unless the store has no space for one that can wait, and logs the line. `about`
 * and `peer` as in viz_journal_add. */
void viz_notice_add(struct viz_trust *trust, enum viz_notice what, const struct viz_id *about,
		    const struct viz_id *peer, uint64_t slot);

#define VIZ_NOTICE_LEAD_MAX 40
#define VIZ_NOTICE_TEXT_MAX 320

/* How people name the lead of this entry; "" when it is about none. */
void viz_notice_lead(char out[VIZ_NOTICE_LEAD_MAX], const struct viz_journal_entry *e);

/* The text of the entry, and its priority. A word that is not in the list is its own text. */
int viz_notice_text(char out[VIZ_NOTICE_TEXT_MAX], struct viz_trust *trust,
		    const struct viz_journal_entry *e);

#endif
