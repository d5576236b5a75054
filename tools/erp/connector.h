/* What a connector to an ERP is: a table of functions over a few requests, one file for each ERP.
 *
 * The base (run.c, notices.c, leads.c) decides when what is asked, keeps the state and speaks with
 * the node. A connector knows only its ERP: it makes requests (viz_erp_ask), judges the shape of
 * the answers, and says what they prove. It keeps nothing on disk, logs nothing and knows no clock.
 *
 * An answer that has another shape than expected proves nothing: VIZ_ERP_UNSURE. Then the cursor
 * stays, no draft is closed, and no lead counts as written or as withdrawn. That holds for an empty
 * body, a cut one, HTML, and JSON of a shape that the file of the connector does not know. A page
 * without rows is an answer only where the ERP says so in a shape of its own.
 *
 * All functions block. Each has these outcomes; on all but VIZ_ERP_OK the outputs are untouched,
 * and `why` of the session says in English what happened, without a value of the answer that a
 * person could be found by. */
#ifndef VIZ_TOOLS_ERP_CONNECTOR_H
#define VIZ_TOOLS_ERP_CONNECTOR_H

#include <jansson.h>

#include "proto/base.h"

enum viz_erp_result {
	VIZ_ERP_OK,
	VIZ_ERP_UNSURE,  /* the answer proves nothing */
	VIZ_ERP_LATER,   /* not reached, cut off, HTTP 429 or 5xx: the same may work later */
	VIZ_ERP_DENIED,  /* the token, its permissions, or the list of addresses */
	VIZ_ERP_REFUSED, /* the ERP understood, and says no to this one */
	VIZ_ERP_ABSENT,  /* this ERP has no such request, or the configuration leaves it out */
};

/* "ok", "unsure", "later", "denied", "refused", "absent". */
const char *viz_erp_result_name(enum viz_erp_result result);

#define VIZ_ERP_WHY_MAX    256
#define VIZ_ERP_ID_MAX     65  /* an id of the ERP, with the final NUL */
#define VIZ_ERP_CURSOR_MAX 97  /* likewise */
#define VIZ_ERP_REASON_MAX 81  /* likewise, bytes */
#define VIZ_ERP_TIME_MAX   26  /* "2026-12-01T10:00:00-03:00", likewise */
#define VIZ_ERP_PAGE_MAX   100 /* notices of one page */
#define VIZ_ERP_FIELDS_MAX 64  /* of a request */

/* --- One request and its answer (http.c) --------------------------------------------------- */

/* Who may read a value. In a dry run and in errors only open ones are shown. */
enum viz_erp_openness {
	VIZ_ERP_OPEN,     /* ids, dates, names of fields */
	VIZ_ERP_PERSONAL, /* of a customer: in memory alone */
	VIZ_ERP_SECRET,   /* tokens and passwords: as personal */
};

struct viz_erp_field {
	const char *name; /* NULL ends a list */
	const char *value;
	enum viz_erp_openness openness;
};

/* All is borrowed until the call returns. */
struct viz_erp_request {
	const char *what;   /* for the log, in English: "list of contracts" */
	const char *method; /* "GET", "POST", "PUT", "DELETE" */
	const char *base;   /* NULL: [erp] url. Else a URL of the configuration (viz_erp_setting) */
	const char *path;   /* "/webservice/v1/contato" */
	const struct viz_erp_field *query;   /* NULL: none. No secret and nothing personal in it */
	const struct viz_erp_field *headers; /* NULL: none */
	const struct viz_erp_field *form;    /* NULL: none. Sent as x-www-form-urlencoded */
	const json_t *json;                  /* NULL: none. Not beside `form` */
	bool json_open;                      /* `json` has only open values */
	bool basic;        /* Authorization: Basic, of viz_erp_user and viz_erp_token */
	bool changes;      /* something in the ERP: a dry run does not send it */
	bool may_be_empty; /* a 2xx without a body is an answer, too: `json` is NULL then */
};

/* Zeroed before, viz_erp_answer_free after. */
struct viz_erp_answer {
	int status;   /* of HTTP; 0: there was none */
	json_t *json; /* an object or a list; NULL: the body is none */
	char *body;   /* ends with NUL; NULL: none. Never to be logged */
	size_t body_len;
};

struct viz_erp;

/* Sends it, when its turn has come, and waits. Redirects are not followed.
 *   VIZ_ERP_OK       2xx with JSON that is whole
 *   VIZ_ERP_UNSURE   2xx with something else (HTML, empty), or 3xx
 *   VIZ_ERP_LATER    no connection, cut off, too long, 408, 425, 429, 5xx
 *   VIZ_ERP_DENIED   401, 403
 *   VIZ_ERP_REFUSED  another 4xx
 * The answer is filled in all cases as far as it came: a connector may judge better than this, as
 * ERPs say no with status 200, and use 404 for a header that is missing. `why` is set. In a dry
 * run, a request that changes something is printed and returns VIZ_ERP_ABSENT. */
enum viz_erp_result viz_erp_ask(struct viz_erp *e, struct viz_erp_answer *answer,
				const struct viz_erp_request *request);
/* Wipes and frees. */
void viz_erp_answer_free(struct viz_erp_answer *answer);

/* --- The session ---------------------------------------------------------------------------- */

/* A key of a section [NAME] of erp.conf, NAME being that of the connector. */
struct viz_erp_key {
	const char *name;  /* NULL ends the list */
	const char *value; /* when it is not given; NULL: it must be given */
	bool url;          /* https, or http within the machine or the local net */
};

/* The value of a key of the connector's section. Borrowed until the end. */
const char *viz_erp_setting(const struct viz_erp *e, const char *key);
/* [erp] user, and the token: the credential "erp-token". Borrowed until the end. */
const char *viz_erp_user(const struct viz_erp *e);
const char *viz_erp_token(const struct viz_erp *e);
/* A place for what the connector got to sign in, as the access token of OAuth: in memory alone, and
 * wiped at the end. "" at first. `until_s` is by viz_erp_now_s. */
#define VIZ_ERP_GRANT_MAX 4096
struct viz_erp_grant {
	char text[VIZ_ERP_GRANT_MAX];
	int64_t until_s;
};
struct viz_erp_grant *viz_erp_grant(struct viz_erp *e);
/* Seconds since 1970, as the base sees it. */
int64_t viz_erp_now_s(const struct viz_erp *e);
/* The date so many days ago in the zone of the ERP ([erp] zone): "2026-12-01". */
void viz_erp_day(char out[11], const struct viz_erp *e, int days_ago);

/* Sets `why` and returns the result. The arguments must not be values of an answer that a person
 * could be found by: ids of contracts and names of fields are none. */
enum viz_erp_result viz_erp_say(struct viz_erp *e, enum viz_erp_result result, const char *format,
				...) __attribute__((format(printf, 3, 4)));
/* What was said last. */
const char *viz_erp_why(const struct viz_erp *e);

/* --- Reading answers (value.c) -------------------------------------------------------------- */

/* A string or a whole number as text. False, and `out` is "": absent, null, of another kind, longer
 * than max - 1 bytes, or with control characters. */
bool viz_erp_text(char *out, size_t max, const json_t *object, const char *key);
/* Likewise a whole number, also of a string ("12"). */
bool viz_erp_number(int64_t *out, const json_t *object, const char *key);
/* A date or a time of the ERP ("2026-12-01", "2026-12-01 10:00:00", "01/12/2026", RFC 3339) as RFC
 * 3339. A time without a zone is of [erp] zone. False: none, or "never" as ERPs write it
 * (0000-00-00, 1899-11-30), or it is none. */
bool viz_erp_time(char out[VIZ_ERP_TIME_MAX], const struct viz_erp *e, const char *text);
/* 8 digits, with whatever is between them; 0: no CEP. */
uint32_t viz_erp_cep(const char *text);
/* Whether two telephones are the same: their last 8 digits, and the two of the area where both
 * have them. */
bool viz_erp_same_phone(const char *a, const char *b);
/* Whether two texts are the same but for case, accents and blanks. */
bool viz_erp_same_text(const char *a, const char *b);

/* --- What goes in and out ------------------------------------------------------------------- */

/* Where notices come from. */
enum viz_erp_stream {
	VIZ_ERP_MOVES,         /* tickets or orders for a move */
	VIZ_ERP_CANCELLATIONS, /* contracts that were cancelled */
	VIZ_ERP_STREAMS,       /* how many */
};

/* A move or a cancellation. No name, no document, no telephone, and not the old address. */
struct viz_erp_notice {
	char external_id[VIZ_ERP_ID_MAX]; /* the same whenever it comes again: "contrato:12" */
	char protocol[VIZ_ERP_ID_MAX];    /* the number that the agent looks for; "": none */
	char reason_id[VIZ_ERP_ID_MAX];   /* as in `reasons`; "": none */
	char reason[VIZ_ERP_REASON_MAX];  /* its name; "": not known */
	uint32_t municipality; /* IBGE code of the new address, where the ERP has it; else 0 */
	uint32_t cep;          /* likewise */
	char cancelled_at[VIZ_ERP_TIME_MAX]; /* of a cancellation; "": not known */
	bool undone;                         /* the customer stays after all */
};

struct viz_erp_page {
	struct viz_erp_notice notice[VIZ_ERP_PAGE_MAX];
	size_t count;
	char next[VIZ_ERP_CURSOR_MAX]; /* where to go on */
	bool more;                     /* at once; else next time */
};

/* Whether a notice that became a draft still stands. */
enum viz_erp_standing {
	VIZ_ERP_STANDS,
	VIZ_ERP_UNDONE,
};

/* One of the operator's own reasons or subjects. */
struct viz_erp_reason {
	enum viz_erp_stream stream;
	char id[VIZ_ERP_ID_MAX];
	char name[VIZ_ERP_REASON_MAX];
	bool active;
};
#define VIZ_ERP_REASONS_MAX 1000
struct viz_erp_reasons {
	struct viz_erp_reason *reason; /* of the base, room for VIZ_ERP_REASONS_MAX */
	size_t count;
};

/* B's customer of a lead. Personal data: borrowed, in memory alone. */
struct viz_erp_person {
	const char *reference; /* id of the lead in the inbox: what the ERP's copy is marked with */
	const char *origin;    /* name of the provider that he comes from */
	const char *name;
	const char *phone;          /* "+5527999990000" */
	const char *address;        /* as he said it, one line */
	const char *plan;           /* "": none */
	const char *date;           /* "2026-12-01", "": none */
	const char *municipality;   /* its name, "": not known */
	const char *state;          /* "ES", "": not known */
	uint32_t municipality_code; /* IBGE, 0: not known */
	uint32_t cep;               /* 0: not known */
	bool business;
};

/* What the ERP's copy of a lead is found to be. */
struct viz_erp_copy {
	bool there;       /* false: the ERP says that there is none */
	bool blank;       /* there, but name, telephone and address are gone from it */
	bool same;        /* there, and as the person; never without a person */
	char differs[49]; /* the first field of the ERP that is not the same; "" */
};

/* What `check` tries, one line for each. */
#define VIZ_ERP_CHECKS_MAX 16
struct viz_erp_checks {
	struct {
		const char *what; /* in English: "cancelled contracts" */
		enum viz_erp_result result;
		char why[VIZ_ERP_WHY_MAX];
	} check[VIZ_ERP_CHECKS_MAX];
	size_t count;
};
/* Adds a line, with `why` of the session unless the result is VIZ_ERP_OK. Returns the result. */
enum viz_erp_result viz_erp_checked(struct viz_erp *e, struct viz_erp_checks *checks,
				    const char *what, enum viz_erp_result result);

/* --- A connector ---------------------------------------------------------------------------- */

/* A function that is NULL is what this ERP does not have. */
struct viz_erp_connector {
	const char *name;  /* [erp] kind, and the section: "ixc" */
	const char *title; /* "IXC Provedor" */
	bool user;         /* [erp] user is needed */
	const struct viz_erp_key *keys;

	/* Tries what the connector needs, and changes nothing: whether the token is taken, each
	 * list has its shape, and so on. Goes on after a line that failed, but for a token that is
	 * not taken. Always adds at least one line. */
	void (*check)(struct viz_erp *e, struct viz_erp_checks *checks);

	/* The operator's own reasons of cancellations and subjects of tickets. Adds to `reasons`.
	 */
	enum viz_erp_result (*reasons)(struct viz_erp *e, struct viz_erp_reasons *reasons);

	/* A page of notices since the cursor: `next` of the page before, or "" for the first time.
	 * Then it begins viz_erp_first_days ago. Notices may come again, and may be of any reason:
	 * the base sorts that out. What changes while pages are read may not be left out, so a
	 * cursor goes back a day or more. For VIZ_ERP_MOVES `subjects` is what the operator ticked
	 * (ids, never empty); it is NULL for VIZ_ERP_CANCELLATIONS. */
	enum viz_erp_result (*fetch)(struct viz_erp *e, struct viz_erp_page *page,
				     enum viz_erp_stream stream, const char *cursor,
				     const char *const *subjects, size_t subject_count);

	/* Whether a notice stands. VIZ_ERP_UNSURE when the ERP does not name it any more. NULL:
	 * only what `fetch` gives as undone counts. */
	enum viz_erp_result (*look)(struct viz_erp *e, enum viz_erp_standing *standing,
				    const char *external_id);

	/* Makes a contact or prospect of the person. *id is what the ERP calls it. */
	enum viz_erp_result (*put)(struct viz_erp *e, char id[VIZ_ERP_ID_MAX],
				   const struct viz_erp_person *person);

	/* The id of the one that is marked with the reference, after a `put` of which nobody knows
	 * whether it came through. VIZ_ERP_OK with "": the ERP says that there is none. */
	enum viz_erp_result (*find)(struct viz_erp *e, char id[VIZ_ERP_ID_MAX],
				    const char *reference);

	/* Reads it back. With a person (else NULL) compares. */
	enum viz_erp_result (*read)(struct viz_erp *e, struct viz_erp_copy *copy, const char *id,
				    const struct viz_erp_person *person);

	/* Deletes it, or overwrites what is personal in it. The base reads it back afterwards: only
	 * that proves it. */
	enum viz_erp_result (*withdraw)(struct viz_erp *e, const char *id);
};

/* How many days before the first start notices are taken from ([erp] first_days). */
int viz_erp_first_days(const struct viz_erp *e);

/* A cursor of pages, "2026-12-01 3": since when, and the page. */
struct viz_erp_place {
	char since[11];
	int page;
};
/* What is no such cursor begins viz_erp_first_days ago, with the page `first`. */
void viz_erp_place_read(struct viz_erp_place *p, const struct viz_erp *e, const char *cursor,
			int first);

extern const struct viz_erp_connector viz_erp_ixc;
extern const struct viz_erp_connector viz_erp_hubsoft;
extern const struct viz_erp_connector viz_erp_sgp;
extern const struct viz_erp_connector viz_erp_voalle;

/* By its name; NULL: none is called so. */
const struct viz_erp_connector *viz_erp_connector_named(const char *name);

#endif
