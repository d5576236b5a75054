/* A hand-off: the contact of a customer who chose us arrives, or is withdrawn. */
#ifndef VIZ_NODE_INBOX_HANDOFF_H
#define VIZ_NODE_INBOX_HANDOFF_H

struct viz_id;
struct viz_net;
struct viz_reader;
struct viz_record;

/* Takes the mail [CHOICE, AWARD, receipt, contact] of the origin, and answers it with HANDOFF_ACK:
 * accepted when all fit the offer and our pledge, else refused. Without OFFER or RESULT there is no
 * answer, and the origin sends it again. An error in `r`: the form, or
 * a signature that does not hold. VIZ_ERR_ABSENT there: we do not know the key yet, and the mail
 * must come again. */
void viz_inbox_handoff(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

/* Takes WITHDRAWAL, of one award or of all, and erases what it names. It also refuses an award that
 * comes after it, and an offer that comes after it stays closed. */
void viz_inbox_handoff_withdrawn(struct viz_net *net, const struct viz_record *rec,
				 struct viz_reader *body);

#endif
