/* What the files of the lead.* operations share. What returns int returns 0, or a negative error
 * with the request's code and message set. */
#ifndef VIZ_NODE_CONTROL_LEAD_H
#define VIZ_NODE_CONTROL_LEAD_H

#include <jansson.h>

#include "node/control/consent_text.h"
#include "node/control/request.h"
#include "proto/coverage.h"

struct viz_contact;
struct viz_lead;
struct viz_lead_draw;
struct viz_lead_peer;
struct viz_lead_request;
struct viz_location;
struct viz_net;
struct viz_request;
struct viz_trust;

/* ---- fields ---- */

extern const struct viz_field viz_control_lead_fields_lookup[];
extern const struct viz_field viz_control_lead_fields_draw[];
extern const struct viz_field viz_control_lead_fields_refuse[];
extern const struct viz_field viz_control_lead_fields_offer[];
extern const struct viz_field viz_control_lead_fields_later[];
extern const struct viz_field viz_control_lead_fields_keep[];
extern const struct viz_field viz_control_lead_fields_list[];
extern const struct viz_field viz_control_lead_fields_show[];
extern const struct viz_field viz_control_lead_fields_choose[];
extern const struct viz_field viz_control_lead_fields_link[];  /* link.create */
extern const struct viz_field viz_control_lead_fields_token[]; /* customer.*: token alone, */
extern const struct viz_field viz_control_lead_fields_page[];  /* with strikes, */
extern const struct viz_field viz_control_lead_fields_agree[]; /* customer.agree */
extern const struct viz_field viz_control_lead_fields_pick[];  /* customer.choose */

/* ---- operations in lead_choose.c ---- */

#define VIZ_LEAD_LIST_MAX 2000 /* of a page */

/* All, and what partners say of older ones; a page of them; or the open one of a protocol number.
 */
int viz_control_lead_list(struct viz_request *req);
/* Counts of those whom nobody serves. */
int viz_control_lead_list_unserved(struct viz_request *req);
int viz_control_lead_choose_proposals(struct viz_request *req);

int viz_control_lead_choose(struct viz_request *req);

int viz_control_lead_choose_check(struct viz_request *req);

int viz_control_lead_choose_recall(struct viz_request *req);

/* ---- arguments ---- */

/* `lead`: an existing lead. */
int viz_control_lead_request_lead(struct viz_request *req, struct viz_lead *lead);

/* Likewise by its name or the protocol number: the newest of that number. */
int viz_control_lead_request_named(struct viz_request *req, struct viz_lead *lead);

/* protocol, cancelled_at, place, service, month and previous. Writes only location, area and those
 * other fields of `lead_req`. */
int viz_control_lead_request(struct viz_request *req, struct viz_lead_request *lead_req);

/* `place`, `service` and `month`. The cell of the place, if there is one, is for the area: only who
 * has the gazetteer knows whether enough people live there. Refuses a cell that does not hold the
 * place. */
int viz_control_lead_request_where(struct viz_request *req, struct viz_location *l,
				   struct viz_area *area);

/* `strike`: names of partners; adds them to `lead_req->struck`. */
int viz_control_lead_request_struck(struct viz_request *req, struct viz_lead_request *lead_req);

/* `contact`, with the telephone in its one form. Personal data: the caller wipes it. */
int viz_control_lead_request_contact(struct viz_request *req, struct viz_contact *out);

/* `consent`, which must be given. All four have the sizes of those in struct viz_lead. `language`
 * comes in as that of the first consent, or "". */
int viz_control_lead_request_consent(struct viz_request *req, char *language, char *channel,
				     char *evidence, char *agent);

/* `consent.contact_given`: the answer to the second question on one screen. */
int viz_control_lead_request_contact_given(struct viz_request *req);

/* ---- consent texts ---- */

/* The language of all that is read to customers: this node's, whoever asks. */
const char *viz_control_lead_request_language(const struct viz_request *req);

/* Borrows from the node's profile. */
struct viz_consent_asker viz_control_lead_request_asker(const struct viz_request *req,
							const char *language);

void viz_control_lead_request_recipient(struct viz_request *req, struct viz_consent_recipient *out,
					const struct viz_member *m);

/* The second consent; `out` holds VIZ_CONTROL_TEXT_MAX. Errors of viz_consent_text_contact. */
int viz_control_lead_request_contact_text(struct viz_request *req, char *out, const char *language,
					  const struct viz_consent_recipient *recipient);

#define VIZ_CONTROL_TEXT_MAX 16384 /* bytes, with the 0 */

/* What is read to the customer; "" for a text that does not apply. */
struct viz_consent_texts {
	char first[VIZ_CONTROL_TEXT_MAX];   /* the first consent, if anybody is asked */
	char contact[VIZ_CONTROL_TEXT_MAX]; /* the second, if exactly one partner is asked */
	char waiting[VIZ_CONTROL_TEXT_MAX]; /* to be asked again, if nobody serves the place */
};

/* Makes the texts for the draw (or what one would give now) without those struck. All are "" while
 * we do not say where consent is withdrawn. */
int viz_control_lead_request_make_texts(struct viz_request *req, struct viz_consent_texts *t,
					const struct viz_lead_request *lead_req,
					const struct viz_lead_draw *d);

/* `draw`: the number of an open draw. */
int viz_control_lead_request_draw(struct viz_request *req, struct viz_lead_draw *d,
				  struct viz_lead_request *lead_req);

/* All that are struck were drawn, or code "not-drawn". */
int viz_control_lead_request_strikes_drawn(struct viz_request *req, const struct viz_lead_draw *d,
					   const struct viz_lead_request *lead_req);

/* A customer who consents is told where consent is withdrawn and who answers for the data: without
 * both no offer is made, code "no-withdrawal". */
int viz_control_lead_request_withdrawal(struct viz_request *req);

/* Whether consent.NAME, which the customer heard, is `text`, which the receipt will name. It is
 * another one if names or strikes have changed meanwhile: code "text-changed". */
int viz_control_lead_request_same_text(struct viz_request *req, const char *name, const char *text);

/* ---- results; the caller owns them ---- */

json_t *viz_control_lead_json(struct viz_net *net, const struct viz_lead *lead);

json_t *viz_control_lead_json_peer(struct viz_trust *trust, const struct viz_lead_peer *p);

#endif
