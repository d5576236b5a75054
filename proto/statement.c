#include "proto/statement.h"

#include "proto/fields.h"

#define COVERAGE_ACK(F)                                                                            \
	F(ID, publisher)                                                                           \
	F(ID, coverage)
VIZ_FIELDS(coverage_ack, COVERAGE_ACK);

#define OFFER_ACK(F)                                                                               \
	F(ID, offer)                                                                               \
	F(ID, pledge)
VIZ_FIELDS(offer_ack, OFFER_ACK);

#define REVEAL(F)                                                                                  \
	F(ID, offer)                                                                               \
	F(ID, close)                                                                               \
	F(ID, pledge)                                                                              \
	F(KEY, nonce)                                                                              \
	F(KEY, blinding)                                                                           \
	F(BIN, proposal, 1, VIZ_PROPOSAL_MAX)
VIZ_FIELDS(reveal, REVEAL);

#define AWARD(F)                                                                                   \
	F(ID, offer)                                                                               \
	F(UINT, n, 1, VIZ_AWARDS_MAX)                                                              \
	F(ID, recipient)                                                                           \
	F(ID, pledge)                                                                              \
	F(ID, choice)                                                                              \
	F(KEY, blinding)                                                                           \
	F(ID, receipt)                                                                             \
	F(TIME, latest)
VIZ_FIELDS(award, AWARD);

#define HANDOFF_ACK(F)                                                                             \
	F(ID, award)                                                                               \
	F(BOOL, accepted)                                                                          \
	F(UINT, reason, 0, VIZ_REFUSAL_NUMBER)
VIZ_FIELDS_WRITER(handoff_ack, HANDOFF_ACK);

void viz_handoff_ack_read(struct viz_reader *r, struct viz_handoff_ack *s)
{
	VIZ_FIELDS_READ(r, s, HANDOFF_ACK);
	if (r->err == VIZ_OK && s->accepted != (s->reason == VIZ_REFUSAL_NONE))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

#define LEASE(F)                                                                                   \
	F(ID, award)                                                                               \
	F(ID, hash)                                                                                \
	F(TIME, asked)                                                                             \
	F(BOOL, granted)                                                                           \
	F(BOOL, extended)                                                                          \
	F(UINT, left_ms, 0, VIZ_LEASE_LEFT_MAX)                                                    \
	F(TIME, until)
VIZ_FIELDS_WRITER(lease, LEASE);

void viz_lease_read(struct viz_reader *r, struct viz_lease *s)
{
	VIZ_FIELDS_READ(r, s, LEASE);
	if (r->err == VIZ_OK && !s->granted && (s->extended || s->left_ms != 0 || s->until.ms != 0))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

#define CONTACTED(F) F(ID, award)
VIZ_FIELDS(contacted, CONTACTED);

#define RELEASE(F)                                                                                 \
	F(ID, award)                                                                               \
	F(OPTIONAL_BYTES, has_secret, secret)
VIZ_FIELDS(release, RELEASE);

#define OUTCOME(F)                                                                                 \
	F(ID, award)                                                                               \
	F(UINT, kind, 1, VIZ_OUTCOME_LOST)                                                         \
	F(OPTIONAL_UINT, has_days, days_offline, 366)                                              \
	F(OPTIONAL_BYTES, has_secret, secret)
VIZ_FIELDS(outcome, OUTCOME);

#define WITHDRAWAL(F)                                                                              \
	F(ID, offer)                                                                               \
	F(UINT, scope, 0, VIZ_WITHDRAW_AWARD)                                                      \
	F(UINT, award_n, 0, VIZ_AWARDS_MAX)
VIZ_FIELDS_WRITER(withdrawal, WITHDRAWAL);

void viz_withdrawal_read(struct viz_reader *r, struct viz_withdrawal *s)
{
	VIZ_FIELDS_READ(r, s, WITHDRAWAL);
	if (s->scope == 0 || (s->scope == VIZ_WITHDRAW_AWARD) != (s->award_n != 0))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

#define ERASED(F)                                                                                  \
	F(ID, offer)                                                                               \
	F(UINT, what, 1, VIZ_ERASED_WITHDRAWN)                                                     \
	F(UINT, award_n, 0, VIZ_AWARDS_MAX)                                                        \
	F(OPTIONAL_BYTES, has_secret, secret)
VIZ_FIELDS_WRITER(erased, ERASED);

void viz_erased_read(struct viz_reader *r, struct viz_erased *s)
{
	VIZ_FIELDS_READ(r, s, ERASED);
	if (r->err == VIZ_OK && s->what != VIZ_ERASED_WITHDRAWN &&
	    (s->what == VIZ_ERASED_ALL) != (s->award_n != 0))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

#define PLAN(F)                                                                                    \
	F(TEXT, name, 1)                                                                           \
	F(UINT, price_cents, 1, 100000000)                                                         \
	F(UINT, down_mbps, 0, 1000000)                                                             \
	F(UINT, up_mbps, 0, 1000000)                                                               \
	F(UINT, technology, 1, VIZ_TECH_SATELLITE)                                                 \
	F(UINT, install_days, 0, 366)                                                              \
	F(TEXT, url, 1)
VIZ_FIELDS(plan, PLAN);

void viz_proposal_write(struct viz_writer *w, const struct viz_proposal *p)
{
	VIZ_WRITE_LIST(w, p, plan, count, 0, plan)
}

void viz_proposal_read(struct viz_reader *r, struct viz_proposal *p)
{
	memset(p, 0, sizeof *p);
	VIZ_READ_LIST(r, p, plan, count, 0, plan)
}

#define POINT(F)                                                                                   \
	F(INT, lat_udeg, -85000000, 85000000)                                                      \
	F(INT, lon_udeg, -180000000, 180000000)
static VIZ_FIELDS_WRITER(point, POINT);
static VIZ_FIELDS_READER(point, POINT);

#define LOCATION(F)                                                                                \
	F(MAYBE, has_point, point, point)                                                          \
	F(UINT, precision_m, 0, 1000000)                                                           \
	F(UINT, municipality, 0, 9999999)                                                          \
	F(UINT, cep, 0, 99999999)                                                                  \
	F(UINT, service, 1, VIZ_SERVICE_BUSINESS)                                                  \
	F(UINT, month, 0, 999912)
VIZ_FIELDS_WRITER(location, LOCATION);

void viz_location_read(struct viz_reader *r, struct viz_location *l)
{
	memset(l, 0, sizeof *l);
	VIZ_FIELDS_READ(r, l, LOCATION);
	if (r->err == VIZ_OK && (!viz_coverage_municipality_valid(l->municipality) ||
				 !viz_location_month_valid(l->month)))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}

bool viz_location_month_valid(uint32_t month)
{
	return month == 0 ||
	       (month >= 202001 && month <= 999912 && month % 100 >= 1 && month % 100 <= 12);
}

bool viz_location_fits(const struct viz_location *l, const struct viz_area *area)
{
	return l->municipality == area->municipality &&
	       (area->cell == 0 || (l->has_point && viz_cell_around(l->point, l->precision_m,
								    VIZ_AREA_LEVEL) == area->cell));
}

#define CONTACT(F)                                                                                 \
	F(TEXT, name, 1)                                                                           \
	F(TEXT, phone, 8)                                                                          \
	F(TEXT, address, 1)                                                                        \
	F(TEXT, date, 0)                                                                           \
	F(TEXT, plan, 0)
VIZ_FIELDS_WRITER(contact, CONTACT);

static bool phone_valid(const char *phone)
{
	size_t digits = strspn(phone + (phone[0] == '+'), "0123456789");

	return phone[0] == '+' && phone[1] != '0' && digits >= 7 && digits <= 15 &&
	       phone[1 + digits] == '\0';
}

int viz_contact_phone(char out[VIZ_PHONE_MAX + 1], const char *text)
{
	char number[VIZ_PHONE_MAX + 4] = "+55", *at = number + 3;

	if (*text == '+') {
		at = number + 1;
		text++;
	}
	for (; *text != '\0'; text++) {
		if (strchr(" ()-.", *text))
			continue;
		if (*text < '0' || *text > '9' || at == number + VIZ_PHONE_MAX)
			return VIZ_ERR_INPUT;
		/* the trunk prefix of long-distance calls is no part of the number */
		if (at == number + 3 && memcmp(number, "+55", 3) == 0 && *text == '0')
			continue;
		*at++ = *text;
	}
	*at = '\0';
	if (!phone_valid(number))
		return VIZ_ERR_INPUT;
	/* in Brazil an area code of two digits and eight or nine more */
	if (strncmp(number, "+55", 3) == 0 && strlen(number) != 13 && strlen(number) != 14)
		return VIZ_ERR_INPUT;
	memcpy(out, number, strlen(number) + 1);
	return VIZ_OK;
}

bool viz_contact_date_valid(const char *date)
{
	static const char form[] = "0000-00-00";
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day;
	bool leap;

	if (date[0] == '\0')
		return true;
	for (size_t i = 0; i < sizeof form; i++)
		if (form[i] == '0' ? date[i] < '0' || date[i] > '9' : date[i] != form[i])
			return false;
	year = atoi(date); /* up to the hyphen */
	month = (date[5] - '0') * 10 + date[6] - '0';
	day = (date[8] - '0') * 10 + date[9] - '0';
	leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1] + (leap && month == 2);
}

void viz_contact_read(struct viz_reader *r, struct viz_contact *c)
{
	memset(c, 0, sizeof *c);
	VIZ_FIELDS_READ(r, c, CONTACT);
	if (r->err == VIZ_OK && (!phone_valid(c->phone) || !viz_contact_date_valid(c->date)))
		viz_reader_fail(r, VIZ_ERR_MEANING);
}
