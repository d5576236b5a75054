/* An award of the false peer to our node: from the revealed pledge to the hand-off. */
#ifndef VIZ_TESTS_ONE_AWARD_H
#define VIZ_TESTS_ONE_AWARD_H

#include "tests/hostile/one_offer.h"

/* Our node has answered yes, CLOSE has come, and it has revealed. RESULT is signed, not given. */
void proposed(struct one_node *b, struct false_offer *o, struct viz_inbox *in);
/* Signs CHOICE k into b->scratch: an award to our node with this blinding; NULL: of nobody.
 * `opening` of the award before it; NULL: none. */
/* A CHOICE that is signed again has the same position. */
void sign_choice(struct one_node *b, struct false_offer *o, unsigned k,
		 const struct viz_secret *opens, const uint8_t opening[32]);
/* Mails the hand-off of award k. `opens` is the blinding in AWARD, `made` the one in CHOICE. */
void hand_off(struct one_node *b, struct false_offer *o, const struct viz_inbox *in, unsigned k,
	      const struct viz_secret *made, const struct viz_secret *opens);
/* What the envelope of its RECEIPT says instead of the offer's slot and 1 + k; 0: these. */
extern struct name_of_receipt {
	uint64_t slot, seq;
} name_of_receipt;
/* While this is set the message of the hand-off is kept, and not sent. */
extern bool hold_hand_off;
/* The event in which it comes. */
struct viz_event held_hand_off(void);
/* Whether our agent sees the contact. Asks for a lease. */
bool shows_contact(struct one_node *b, const struct viz_inbox *in);

#endif
