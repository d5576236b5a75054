/* The breaches that offered.h plants, each in an honest offer of the origin to a and b. */
#ifndef VIZ_TESTS_BREACH_H
#define VIZ_TESTS_BREACH_H

enum breach {
	NONE,
	OMIT_NEW_B, /* no breach: b lists the origin for only an hour */
	OMIT_B,
	LIST_STRANGER,
	CALL_B_BLOCKED,
	OMIT_B_OF_ENDED_KEY,  /* no breach: the key of b's COVERAGE has ended in the view */
	OMIT_B_OF_DEAD_PLACE, /* no breach: the place of b's COVERAGE is dead in the view */
	OMIT_B_REVOKED,       /* no breach: b's newest key is revoked in the view */
	CALL_B_SILENT,        /* no breach */
	OLD_NODE_NAMED,       /* an entry ended since the named NODE */
	/* a is in no list, and its coverage is not in the view */
	OMIT_ACKNOWLEDGED,
	OMIT_ACKNOWLEDGED_LONG_AGO,
	OMIT_ACKNOWLEDGED_BEFORE_START, /* of the process that signed the OFFER */
	OMIT_ACKNOWLEDGED_IN_OTHER_LOG,
	OMIT_ACKNOWLEDGED_AT_DEAD_PLACE, /* no breach: the place is dead in the view */
	OMIT_ACKNOWLEDGED_AFTER,         /* no breach: acknowledged after the draw */
	OMIT_NEW_A,                      /* no breach: the origin lists a for only an hour */
	OMIT_UNSEEN,
	OMIT_UNSEEN_FOR_A_DAY, /* no breach: the origin may not have seen it yet */
	NOT_DRAW_B,            /* no breach: one is asked, and it was a's turn */
	DRAW_FEWER,
	SKIP_TURN,
	UNMARK_A, /* a has never been drawn, and is no newcomer */
	ASK_B_OUTSIDE,
	ASK_B_UNKNOWN_TO_NODE, /* by its PARTNERS b is a partner since the named NODE */
	STRIKE_B,              /* no breach */
	CLOSE_EARLY,
	DROP_PLEDGE,
	FORGE_PLEDGE,   /* a's signature is not a's */
	FORGE_LATER,    /* a's signature by key 1 is by key 0 */
	LATER_KEY,      /* no breach: a's signature is by key 1 */
	UNKNOWN_KEY,    /* no breach: the view does not give it */
	OTHER_SIGNER,   /* a stranger's pledge at b's position */
	OTHER_OFFER,    /* b's pledge for another offer */
	ONE_ENTRY_LESS, /* b has no entry */
	OTHER_SALT,
	OTHER_CLOSE,
	FALSE_REVEAL,
	REVEAL_OF_NO, /* b said no */
	DROP_REVEAL,
	NO_REVEAL, /* no breach: a has not revealed in time */
	EARLY_RESULT,
	OTHER_ORDER,
	TWICE_IN_ORDER,
	WITHDRAWN, /* no breach: the customer withdrew and saw no order */
	WITHDRAWN_WITH_ORDER,
	CHOICE_AFTER_WITHDRAWAL,
	CHOICE_AFTER_NONE,
	CHOICE_BEFORE_RESULT, /* in the log */
	NONE_BEFORE_CHOICE,   /* likewise */
	NONE_AFTER_CHOICE,    /* no breach */
	/* likewise, and a has a LEASE of the award */
	LEASE_OVER,        /* no breach */
	LEASE_OPENED,      /* no breach: CHOICE 2 opens it */
	LEASE_NOT_GRANTED, /* no breach */
	LEASE_OF_AWARD_2,  /* no breach: CHOICE 3 is not here */
	LEASE_RUNS,
	LEASE_OPENED_FALSELY,
	/* a has a LEASE of award 1, and another OFFER names this one as previous */
	NEXT_LATER,         /* no breach: the lease is over */
	NEXT_OPENED,        /* no breach */
	NEXT_AFTER_AWARD,   /* no breach: CHOICE 2 opens the lease, and award 2 has none */
	NEXT_AFTER_UNSEEN,  /* no breach: CHOICE 2 is in the log and not here */
	NEXT_OF_SHORT_LOG,  /* no breach: the stub of CHOICE 1 is not here */
	NEXT_OF_FALSE_LOG,  /* no breach: the stubs do not chain */
	NEXT_OF_OTHER_LOG,  /* no breach */
	NEXT_NAMES_ANOTHER, /* no breach */
	NEXT_RUNS,
	NEXT_AFTER_NONE, /* CHOICE 2 opens it, OFFER does not */
	NEXT_OPENED_FALSELY,
	BREACHES,
};

#endif
