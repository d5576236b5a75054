/* PLEDGEs of the false peer for an offer of our node, and what opens them. */
#ifndef VIZ_TESTS_ONE_PLEDGE_H
#define VIZ_TESTS_ONE_PLEDGE_H

#include "tests/hostile/one_lead.h"

/* One byte, which is what is proposed from now on. At first no plans. */
void set_proposal(const uint8_t *byte);
void sign_pledge(struct one_node *b, const struct viz_lead *lead, enum viz_answer answer);
/* Mails the PLEDGE that was signed last. */
void mail_pledge(struct one_node *b, enum viz_no_reason reason);
void pledge(struct one_node *b, const struct viz_lead *lead, enum viz_answer answer);
void reveal(struct one_node *b, const struct viz_lead *lead);

#endif
