/* What the files of the lead.* operations share. What returns int returns 0, or an error
 * with the request's code and message set. */
#ifndef VIZ_NODE_CONTROL_LEAD_H
#define VIZ_NODE_CONTROL_LEAD_H

#include <jansson.h>

#include "proto/coverage.h"
#include "proto/offer.h"

struct viz_contact;
struct viz_id;
struct viz_lead;
struct viz_lead_peer;
struct viz_lead_request;
struct viz_location;
struct viz_net;
struct viz_request;
struct viz_trust;

#define VIZ_CONTROL_TEXT_MAX 16384

/* What is read to the customer: the first consent, for those whom it names; where that is one only,
 * the second on the same screen ("" else); and the one for being asked again ("" while somebody
 * serves the place). */
struct viz_control_texts {
	char first[VIZ_CONTROL_TEXT_MAX], contact[VIZ_CONTROL_TEXT_MAX],
	    later[VIZ_CONTROL_TEXT_MAX];
};

int viz_control_lead_proposals(struct viz_request *c);

int viz_control_lead_choose(struct viz_request *c);

int viz_control_lead_revoke(struct viz_request *c);

/* Arguments. The lead that `lead` names. */
int viz_control_lead_get(struct viz_request *c, struct viz_lead *lead);

/* `contact`, its telephone in the one form. Personal: the caller wipes it. */
int viz_control_lead_contact(struct viz_request *c, struct viz_contact *out);

/* `consent`, which must be given. `language` holds the default, "" for pt-BR; it and channel,
 * evidence and agent have the sizes of struct viz_lead's. */
int viz_control_lead_consent(struct viz_request *c, char *language, char *channel, char *evidence,
			     char *agent);

/* The text that the customer heard (consent.text, needed) is the one that the receipt will name:
 * refused when it is another by now. */
int viz_control_lead_same_text(struct viz_request *c, const char *name, const char *text);

/* Results; the caller owns them. */
json_t *viz_control_lead_json(struct viz_net *net, const struct viz_lead *lead);

json_t *viz_control_lead_peer_json(struct viz_trust *trust, const struct viz_lead_peer *p);

int viz_control_lead_place(struct viz_request *c, struct viz_location *l);

struct viz_area viz_control_lead_area(const struct viz_location *l);

int viz_control_lead_struck(struct viz_request *c, struct viz_lead_request *req);

bool viz_control_lead_is_struck(const struct viz_lead_request *req, const struct viz_id *id);

int viz_control_lead_make_texts(struct viz_request *c, struct viz_control_texts *t,
				const struct viz_lead_request *req);

const char *viz_control_lead_answer_name(enum viz_answer a);

int viz_control_lead_request(struct viz_request *c, struct viz_lead_request *req);

#endif
