/* The fields of the lead.* operations. */
#include "node/control/lead.h"
#include "node/control/request.h"
#include "node/lead/customer.h"
#include "proto/base.h"
#include "proto/geo/cep.h"
#include "proto/limits.h"

static const struct viz_field place[] = {
    {"municipality", VIZ_FIELD_OBJECT, .needed = true, .of = viz_request_municipality},
    {"cep", VIZ_FIELD_NUMBER, .min = 0, .max = VIZ_CEP_MAX},
    {"precision_m", VIZ_FIELD_NUMBER, .min = 0, .max = 1000000},
    {"lat_udeg", VIZ_FIELD_NUMBER, .min = -85000000, .max = 85000000},
    {"lon_udeg", VIZ_FIELD_NUMBER, .min = -180000000, .max = 180000000},
    {"cell", VIZ_FIELD_NUMBER, .min = 0, .max = INT64_C(1) << 53},
    {0},
};

static const struct viz_field strike = {NULL, VIZ_FIELD_TEXT, .min = 1, .max = VIZ_NAME_MAX};

static const struct viz_field consent[] = {
    {"given", VIZ_FIELD_FLAG, .needed = true},
    {"language", VIZ_FIELD_TEXT, .min = 2, .max = 5},
    {"channel", VIZ_FIELD_CHOICE, .choices = "phone|desk|whatsapp|web"},
    {"evidence", VIZ_FIELD_FREE, .max = VIZ_REF_MAX},
    {"agent", VIZ_FIELD_TEXT, .max = VIZ_REF_MAX},
    {"text", VIZ_FIELD_READ, .max = VIZ_CONTROL_TEXT_MAX},
    {"contact_given", .kind = VIZ_FIELD_FLAG},
    {"contact_text", VIZ_FIELD_READ, .max = VIZ_CONTROL_TEXT_MAX},
    {0},
};

static const struct viz_field contact[] = {
    {"name", VIZ_FIELD_FREE, .needed = true, .min = 1, .max = VIZ_PERSON_MAX},
    {"phone", VIZ_FIELD_TEXT, .needed = true, .min = 8, .max = VIZ_PHONE_MAX},
    {"address", VIZ_FIELD_FREE, .needed = true, .min = 1, .max = VIZ_STREET_MAX},
    {"date", VIZ_FIELD_TEXT, .max = 10},
    {"plan", VIZ_FIELD_FREE, .max = VIZ_PLAN_MAX},
    {0},
};

#define PLACE                                                                                      \
	{                                                                                          \
		"place", VIZ_FIELD_OBJECT, .needed = true, .of = place                             \
	}
#define DRAW "draw", VIZ_FIELD_NUMBER, .min = 1, .max = VIZ_TURN_MAX
#define STRIKE                                                                                     \
	{                                                                                          \
		"strike", VIZ_FIELD_LIST, .max = VIZ_ASKED_MAX, .of = &strike                      \
	}
#define LEAD                                                                                       \
	{                                                                                          \
		"lead", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_INBOX_ID_MAX          \
	}
#define CONTACT                                                                                    \
	{                                                                                          \
		"contact", VIZ_FIELD_OBJECT, .of = contact                                         \
	}

#define TOKEN                                                                                      \
	{                                                                                          \
		"token", VIZ_FIELD_TEXT, .needed = true, .min = VIZ_CUSTOMER_TOKEN_CHARS,          \
					 .max = VIZ_CUSTOMER_TOKEN_CHARS                           \
	}
#define HASH(name, must)                                                                           \
	{                                                                                          \
		name, VIZ_FIELD_BYTES, .needed = must, .min = 32, .max = 32                        \
	}

/* What the customer wishes. */
#define WISH                                                                                       \
	{"service", VIZ_FIELD_CHOICE, .choices = "internet|business"},                             \
	{                                                                                          \
		"month", VIZ_FIELD_TEXT, .min = 7, .max = 7                                        \
	}

/* What offer, later and keep have in common. */
#define CANCELLATION                                                                               \
	{"protocol", VIZ_FIELD_TEXT, .needed = true, .min = 1, .max = VIZ_REF_MAX},                \
	    {"again", .kind = VIZ_FIELD_FLAG}, {"cancelled_at", .kind = VIZ_FIELD_TIME}, PLACE,    \
	    WISH,                                                                                  \
	{                                                                                          \
		"previous", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_SLOT_TEXT_MAX - 1                 \
	}

const struct viz_field viz_control_lead_fields_lookup[] = {PLACE, WISH, STRIKE, {0}};

const struct viz_field viz_control_lead_fields_draw[] = {PLACE, WISH, {DRAW}, STRIKE, {0}};

const struct viz_field viz_control_lead_fields_refuse[] = {{DRAW, .needed = true}, {0}};

/* The draw and the consent are asked for where somebody can be asked (lead.c). */
const struct viz_field viz_control_lead_fields_offer[] = {
    CANCELLATION, {DRAW}, STRIKE, {"consent", VIZ_FIELD_OBJECT, .of = consent}, CONTACT, {0}};

const struct viz_field viz_control_lead_fields_later[] = {
    CANCELLATION, {"consent", VIZ_FIELD_OBJECT, .of = consent}, {0}};

const struct viz_field viz_control_lead_fields_keep[] = {CANCELLATION, {0}};

const struct viz_field viz_control_lead_fields_list[] = {
    {"protocol", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_REF_MAX},
    {"only", VIZ_FIELD_CHOICE, .choices = "open|waits|over"},
    {"max", VIZ_FIELD_NUMBER, .min = 1, .max = VIZ_LEAD_LIST_MAX},
    {"cursor", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_SLOT_TEXT_MAX - 1},
    {0},
};

const struct viz_field viz_control_lead_fields_show[] = {
    LEAD, {"personal", .kind = VIZ_FIELD_FLAG}, {0}};

/* The cancellation is asked for where no lead is named (links.c). */
const struct viz_field viz_control_lead_fields_link[] = {
    {"lead", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_INBOX_ID_MAX},
    {"protocol", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_REF_MAX},
    {"again", .kind = VIZ_FIELD_FLAG},
    {"cancelled_at", .kind = VIZ_FIELD_TIME},
    {"place", VIZ_FIELD_OBJECT, .of = place},
    WISH,
    {"previous", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_SLOT_TEXT_MAX - 1},
    {"first_name", VIZ_FIELD_FREE, .min = 1, .max = VIZ_CUSTOMER_NAME_MAX},
    {"days", VIZ_FIELD_NUMBER, .min = 1, .max = VIZ_CUSTOMER_DAYS_MAX},
    {0},
};

const struct viz_field viz_control_lead_fields_token[] = {TOKEN, {0}};

const struct viz_field viz_control_lead_fields_page[] = {TOKEN, STRIKE, {0}};

const struct viz_field viz_control_lead_fields_agree[] = {
    TOKEN,
    STRIKE,
    HASH("text_hash", true),
    {"contact_given", .kind = VIZ_FIELD_FLAG},
    HASH("contact_text_hash", false),
    CONTACT,
    {0},
};

const struct viz_field viz_control_lead_fields_pick[] = {
    TOKEN,
    {"peer", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_NAME_MAX},
    {"none", .kind = VIZ_FIELD_FLAG},
    HASH("text_hash", false),
    CONTACT,
    {0},
};

const struct viz_field viz_control_lead_fields_choose[] = {
    LEAD,
    {"peer", VIZ_FIELD_TEXT, .min = 1, .max = VIZ_NAME_MAX},
    {"consent", VIZ_FIELD_OBJECT, .of = consent},
    CONTACT,
    {"none", .kind = VIZ_FIELD_FLAG},
    {0},
};
