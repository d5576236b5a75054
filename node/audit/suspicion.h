/* The suspicions of PROTOCOL.md section 13, by their numbers. They stand beside the contradictions
 * (enum viz_rule, below 40) in the same table of findings. */
#ifndef VIZ_NODE_AUDIT_SUSPICION_H
#define VIZ_NODE_AUDIT_SUSPICION_H

#include "proto/base.h"

enum viz_suspicion {
	VIZ_SUSPICION_WITHHELD = 40,       /* a number of a log, or its record, was not served */
	VIZ_SUSPICION_HEAD_UNOPENED = 41,  /* a NODE was not opened by HEAD */
	VIZ_SUSPICION_NAMED_UNSERVED = 42, /* a NODE or PARTNERS that a record names */
	VIZ_SUSPICION_VIEW_UNSERVED = 43,  /* a view, or what it names */
	VIZ_SUSPICION_UNSEEN = 44,         /* our coverage was left out, and is not acknowledged */
	VIZ_SUSPICION_SILENT_FALSE = 45,   /* we stand in silent, though we were linked */
	VIZ_SUSPICION_UNENDED = 46,        /* CLOSE, RESULT or CHOICE did not come */
	VIZ_SUSPICION_KEY_ENDED = 47,      /* a contradiction that an ended key signed */
	VIZ_SUSPICION_OLD_LOG = 48,        /* a record of an old log, dated after the new one */
	VIZ_SUSPICION_STRUCK_OFTEN = 49,   /* one partner is struck more often than the others */
	VIZ_SUSPICION_PLEDGE_KEY = 50,     /* the key of a PLEDGE in CLOSE is not served */
	VIZ_SUSPICION_NO_LINK = 51,        /* there was no full link */
	VIZ_SUSPICION_UNHEARD = 52,        /* we have protested */
	VIZ_SUSPICION_BURNT_AIMED = 53,    /* burnt draws cost one partner its place */
	VIZ_SUSPICION_TURN_RESET = 54,     /* a turn went back with a new log */
	VIZ_SUSPICION_LOG_OFTEN = 55,      /* a third new log within write_once_ms */
	VIZ_SUSPICION_START_OFTEN = 56,    /* ten starts on a day */
	VIZ_SUSPICION_UNACKNOWLEDGED = 57, /* our COVERAGE has no COVERAGE_ACK */
	VIZ_SUSPICION_SHARE_FULL = 58,     /* an offer does not fit into the origin's share */
	VIZ_SUSPICION_UNLEASED = 59,       /* our LEASE_ASK was not answered */
	VIZ_SUSPICION_UNERASED = 60,       /* a partner did not confirm that it erased */
	VIZ_SUSPICION_LOG_BACKDATED = 61,  /* a new log is dated before the old one */
};
#define VIZ_SUSPICION_FIRST VIZ_SUSPICION_WITHHELD
#define VIZ_SUSPICION_LAST  VIZ_SUSPICION_LOG_BACKDATED

/* Whether the suspicion ends when what was missing has come. */
bool viz_suspicion_ends(unsigned rule);

#endif
