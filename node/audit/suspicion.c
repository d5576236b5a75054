#include "node/audit/suspicion.h"

const char *viz_suspicion_name(unsigned rule)
{
	static const char *const names[] = {
	    "withheld",     "head-unopened", "named-unserved", "view-unserved", "unseen",
	    "silent-false", "unended",       "key-ended",      "old-log",       "struck-often",
	    "pledge-key",   "no-link",       "unheard",        "burnt-aimed",   "turn-reset",
	    "log-often",    "start-often",   "unacknowledged", "share-full",    "unleased",
	    "unerased",     "log-backdated"};

	_Static_assert(sizeof names / sizeof *names == VIZ_SUSPICION_LAST - VIZ_SUSPICION_FIRST + 1,
		       "one name each");
	if (rule < VIZ_SUSPICION_FIRST || rule > VIZ_SUSPICION_LAST)
		return "?";
	return names[rule - VIZ_SUSPICION_FIRST];
}

bool viz_suspicion_ends(unsigned rule)
{
	switch (rule) {
	case VIZ_SUSPICION_WITHHELD:
	case VIZ_SUSPICION_HEAD_UNOPENED:
	case VIZ_SUSPICION_NAMED_UNSERVED:
	case VIZ_SUSPICION_VIEW_UNSERVED:
	case VIZ_SUSPICION_UNENDED:
	case VIZ_SUSPICION_PLEDGE_KEY:
	case VIZ_SUSPICION_NO_LINK:
	case VIZ_SUSPICION_UNACKNOWLEDGED:
	case VIZ_SUSPICION_UNLEASED:
	case VIZ_SUSPICION_UNERASED:
		return true;
	default:
		return false;
	}
}
