/* By which keys the PLEDGEs in a CLOSE are judged. */
#ifndef VIZ_NODE_AUDIT_PLEDGE_KEYS_H
#define VIZ_NODE_AUDIT_PLEDGE_KEYS_H

#include "proto/base.h"

struct viz_id;
struct viz_inbox;
struct viz_partners;
struct viz_record;
struct viz_rules_item;
struct viz_rules_key;
struct viz_trust;

/* Keeps, when the view is judged, up to which number we have the keys that the view gives of each
 * author in the origin's PARTNERS: by these its PLEDGE is judged when CLOSE comes later. */
void viz_pledge_keys_keep(struct viz_trust *trust, const struct viz_inbox *in,
			  const struct viz_partners *named, const struct viz_rules_item *view,
			  size_t n);

/* The keys of each author in CLOSE by which its PLEDGE can be judged: key 0, and those that the
 * view gave. Gives how many. */
size_t viz_pledge_keys_list(struct viz_trust *trust, struct viz_rules_key *out, size_t max,
			    const struct viz_inbox *in, const struct viz_partners *named,
			    const struct viz_record *close);

/* What is known of the keys that signed the PLEDGEs in CLOSE. A key that has begun since the
 * OFFER's view must verify its PLEDGE, too: it convicts nobody, as there may be another one of its
 * number.
 */
enum viz_pledge_keys {
	VIZ_PLEDGE_KEYS_GOOD,
	VIZ_PLEDGE_KEYS_LACKING, /* one is not here, or does not verify its PLEDGE */
	VIZ_PLEDGE_KEYS_OPEN,    /* all are here, and a later one was not tried yet */
};

/* By in->pledges and what is held; verifies nothing. LACKING: `who` gets the first author. An offer
 * that is settled was looked at. */
enum viz_pledge_keys viz_pledge_keys_look(struct viz_trust *trust, struct viz_id *who,
					  const struct viz_inbox *in,
					  const struct viz_record *close);

/* Verifies the PLEDGEs in CLOSE whose keys have begun since the view, and gives what in->pledges
 * then is; takes from *checks, the signatures that may still be verified. 0: these are too few, or
 * a key is not here. */
uint32_t viz_pledge_keys_verify(struct viz_trust *trust, size_t *checks, const struct viz_inbox *in,
				const struct viz_record *close);

#endif
