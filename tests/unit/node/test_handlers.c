/* The five tables of node/handlers.c: each kind that may arrive has a handler, and no other kind
 * has one. */
#include "tests/unit/unit.h"

#include "node/core/due.h"
#include "node/gossip/intake.h"
#include "node/handlers.h"
#include "node/link/mail.h"
#include "node/link/message.h"
#include "node/self/statement.h"
#include "proto/message.h"
#include "proto/record.h"

static bool known(const char *name)
{
	return strcmp(name, "?") != 0;
}

static void messages(void **state)
{
	(void)state;
	assert_false(known(viz_message_name(0)));
	assert_false(known(viz_message_name(VIZ_MESSAGE_KIND_MAX + 1)));
	assert_null(viz_handlers.message[0].take);
	for (unsigned kind = 1; kind <= VIZ_MESSAGE_KIND_MAX; kind++) {
		assert_true(known(viz_message_name(kind)));
		assert_int_not_equal(viz_message_elements(kind), 0);
		if (!viz_handlers.message[kind].take)
			fail_msg("handlers.c: no row of message %s", viz_message_name(kind));
	}
}

static void mails(void **state)
{
	(void)state;
	assert_false(known(viz_mail_name(0)));
	assert_false(known(viz_mail_name(VIZ_MAIL_KIND_MAX + 1)));
	assert_null(viz_handlers.mail[0].take);
	for (unsigned kind = 1; kind <= VIZ_MAIL_KIND_MAX; kind++) {
		const struct viz_mail_handler *h = &viz_handlers.mail[kind];
		bool personal = kind == VIZ_MAIL_LOCATION || kind == VIZ_MAIL_HANDOFF;

		assert_true(known(viz_mail_name(kind)));
		if (!h->take)
			fail_msg("handlers.c: no row of mail %s", viz_mail_name(kind));
		assert_true(h->cost > 0);
		/* personal mail is not stored in the outbox, and its length is hidden */
		assert_int_equal(h->compose != NULL, personal);
		assert_int_equal(h->personal, personal);
	}
}

static bool has_row(const struct viz_record_handler *h)
{
	return h->before || h->held || h->gone || h->learn || h->act[0];
}

static void records(void **state)
{
	(void)state;
	for (unsigned type = 0; type < VIZ_TYPE_STATEMENT_MIN; type++) {
		const struct viz_record_handler *h = &viz_handlers.record[type];

		if (has_row(h) != known(viz_type_name(type)))
			fail_msg("handlers.c: record type %u (%s) %s", type, viz_type_name(type),
				 has_row(h) ? "does not exist" : "has no row");
		assert_true(h->act[0] || !h->act[1]);
	}
}

static void statements(void **state)
{
	(void)state;
	for (unsigned type = 0; type <= UINT8_MAX; type++) {
		const struct viz_statement_handler *h = &viz_handlers.statement[type];
		bool statement = type >= VIZ_TYPE_STATEMENT_MIN && known(viz_type_name(type));

		if ((h->take[0] || h->inside) != statement)
			fail_msg("handlers.c: statement type %u (%s) %s", type, viz_type_name(type),
				 statement ? "has no row" : "does not exist");
		assert_true(h->take[0] || !h->take[1]);
		assert_false(h->take[0] && h->inside);
	}
}

static void timers_and_links(void **state)
{
	(void)state;
	assert_null(viz_handlers.due[0]);
	for (unsigned kind = 1; kind <= VIZ_DUE_KIND_MAX; kind++)
		if (!viz_handlers.due[kind])
			fail_msg("handlers.c: no row of timer %u (core/due.h)", kind);
	assert_non_null(viz_handlers.link->greet);
	assert_non_null(viz_handlers.link->compare);
	assert_non_null(viz_handlers.link->hello_record);
	assert_non_null(viz_handlers.equivocation);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(messages),         cmocka_unit_test(mails),
	    cmocka_unit_test(records),          cmocka_unit_test(statements),
	    cmocka_unit_test(timers_and_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
