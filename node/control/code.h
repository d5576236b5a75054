/* The codes of errors: what a program may tell apart. They are stable, and no other code is ever
 * given: a call names one of the enum. CONTROL.md says what each means (tests/lint/control.py). */
#ifndef VIZ_NODE_CONTROL_CODE_H
#define VIZ_NODE_CONTROL_CODE_H

#include "proto/base.h"

/* Of the node: why it refuses a request. */
#define VIZ_CODES_NODE(X)                                                                          \
	X(ALONE, "alone")                                                                          \
	X(AMBIGUOUS, "ambiguous")                                                                  \
	X(BAD_BYTES, "bad-bytes")                                                                  \
	X(BAD_CELL, "bad-cell")                                                                    \
	X(BAD_CHOICE, "bad-choice")                                                                \
	X(BAD_CURSOR, "bad-cursor")                                                                \
	X(BAD_DATE, "bad-date")                                                                    \
	X(BAD_FLAG, "bad-flag")                                                                    \
	X(BAD_INVITE, "bad-invite")                                                                \
	X(BAD_INVITE_ID, "bad-invite-id")                                                          \
	X(BAD_LANGUAGE, "bad-language")                                                            \
	X(BAD_LEAD, "bad-lead")                                                                    \
	X(BAD_LIST, "bad-list")                                                                    \
	X(BAD_MONTH, "bad-month")                                                                  \
	X(BAD_MUNICIPALITY, "bad-municipality")                                                    \
	X(BAD_NUMBER, "bad-number")                                                                \
	X(BAD_OBJECT, "bad-object")                                                                \
	X(BAD_PHONE, "bad-phone")                                                                  \
	X(BAD_PROOF, "bad-proof")                                                                  \
	X(BAD_RANGE, "bad-range")                                                                  \
	X(BAD_REQUEST, "bad-request")                                                              \
	X(BAD_REVOCATION, "bad-revocation")                                                        \
	X(BAD_TEXT, "bad-text")                                                                    \
	X(BAD_TIME, "bad-time")                                                                    \
	X(BUSY, "busy")                                                                            \
	X(CLAIMED, "claimed")                                                                      \
	X(CLOCK, "clock")                                                                          \
	X(DRAW_OVER, "draw-over")                                                                  \
	X(EMPTY, "empty")                                                                          \
	X(FAILED, "failed")                                                                        \
	X(INVITE_EXPIRED, "invite-expired")                                                        \
	X(MISSING, "missing")                                                                      \
	X(NEWER_CLIENT, "newer-client")                                                            \
	X(NO_ADDRESS, "no-address")                                                                \
	X(NO_CONSENT, "no-consent")                                                                \
	X(NO_CONTACT_CONSENT, "no-contact-consent")                                                \
	X(NO_LEASE, "no-lease")                                                                    \
	X(NO_NEIGHBOUR, "no-neighbour")                                                            \
	X(NO_PROOF, "no-proof")                                                                    \
	X(NO_QUARANTINE, "no-quarantine")                                                          \
	X(NO_SUCH_COVERAGE, "no-such-coverage")                                                    \
	X(NO_SUCH_DRAFT, "no-such-draft")                                                          \
	X(NO_SUCH_DRAW, "no-such-draw")                                                            \
	X(NO_SUCH_FINDING, "no-such-finding")                                                      \
	X(NO_SUCH_INVITE, "no-such-invite")                                                        \
	X(NO_SUCH_LEAD, "no-such-lead")                                                            \
	X(NO_SUCH_LINK, "no-such-link")                                                            \
	X(NO_SUCH_OP, "no-such-op")                                                                \
	X(NO_SUCH_PEER, "no-such-peer")                                                            \
	X(NO_SUCH_PLAN, "no-such-plan")                                                            \
	X(NO_SUCH_PROPOSAL, "no-such-proposal")                                                    \
	X(NO_TEXT, "no-text")                                                                      \
	X(NO_WITHDRAWAL, "no-withdrawal")                                                          \
	X(NOT_ALLOWED, "not-allowed")                                                              \
	X(NOT_A_READER, "not-a-reader")                                                            \
	X(NOT_DRAWN, "not-drawn")                                                                  \
	X(NOT_HELD, "not-held")                                                                    \
	X(NOT_NOW, "not-now")                                                                      \
	X(NOT_PRUNED, "not-pruned")                                                                \
	X(NOT_SINGLE, "not-single")                                                                \
	X(OTHER_FEDERATION, "other-federation")                                                    \
	X(OTHER_LANGUAGE, "other-language")                                                        \
	X(OTHER_PLACE, "other-place")                                                              \
	X(OTHER_PROOF, "other-proof")                                                              \
	X(OWN_ANALYSIS, "own-analysis")                                                            \
	X(OWN_INVITE, "own-invite")                                                                \
	X(OWN_KEY_REVOKED, "own-key-revoked")                                                      \
	X(OWN_NO, "own-no")                                                                        \
	X(OWN_NODE, "own-node")                                                                    \
	X(PERSONAL, "personal")                                                                    \
	X(PREVIOUS_HELD, "previous-held")                                                          \
	X(PREVIOUS_NAMED, "previous-named")                                                        \
	X(PREVIOUS_OPEN, "previous-open")                                                          \
	X(PREVIOUS_UNHEARD, "previous-unheard")                                                    \
	X(PROOF_NEEDED, "proof-needed")                                                            \
	X(PROTOCOL_OPEN, "protocol-open")                                                          \
	X(PRUNED, "pruned")                                                                        \
	X(QUARANTINE, "quarantine")                                                                \
	X(REFUSED, "refused")                                                                      \
	X(REVOKED, "revoked")                                                                      \
	X(REVOKED_ALREADY, "revoked-already")                                                      \
	X(STARTING, "starting")                                                                    \
	X(STORE_FULL, "store-full")                                                                \
	X(SUSPICION_ONLY, "suspicion-only")                                                        \
	X(TEXT_CHANGED, "text-changed")                                                            \
	X(TOO_LARGE, "too-large")                                                                  \
	X(TOO_LONG, "too-long")                                                                    \
	X(TOO_MANY, "too-many")                                                                    \
	X(TOO_MANY_INVITES, "too-many-invites")                                                    \
	X(TOO_MANY_PARTNERS, "too-many-partners")                                                  \
	X(TOO_MANY_VOUCHES, "too-many-vouches")                                                    \
	X(UNKNOWN_FIELD, "unknown-field")                                                          \
	X(UNKNOWN_KEY, "unknown-key")                                                              \
	X(WRONG_KEY, "wrong-key")

/* Of the command: what fails before a request is made, or after. */
#define VIZ_CODES_COMMAND(X)                                                                       \
	X(ABROAD, "abroad")                                                                        \
	X(BAD_RECOVERY_KEY, "bad-recovery-key")                                                    \
	X(BROKEN, "broken")                                                                        \
	X(DAMAGED, "damaged")                                                                      \
	X(DOES_NOT_FIT, "does-not-fit")                                                            \
	X(EXISTS, "exists")                                                                        \
	X(FALSE_PROOF, "false-proof")                                                              \
	X(FILE, "file")                                                                            \
	X(INPUT, "input")                                                                          \
	X(INVITE_DEAD, "invite-dead")                                                              \
	X(MEMORY, "memory")                                                                        \
	X(NEWER_FILE, "newer-file")                                                                \
	X(NEWER_NODE, "newer-node")                                                                \
	X(NO_ACCESS, "no-access")                                                                  \
	X(NO_ANSWER, "no-answer")                                                                  \
	X(NO_DAEMON, "no-daemon")                                                                  \
	X(NO_GAZETTEER, "no-gazetteer")                                                            \
	X(NO_RECOVERY_KEY, "no-recovery-key")                                                      \
	X(NO_SUCH_CEP, "no-such-cep")                                                              \
	X(NO_SUCH_CODE, "no-such-code")                                                            \
	X(NO_SUCH_NAME, "no-such-name")                                                            \
	X(NOT_CONFIRMED, "not-confirmed")                                                          \
	X(NOT_MOVED, "not-moved")                                                                  \
	X(NOT_PROVED, "not-proved")                                                                \
	X(NOT_RESTORED, "not-restored")                                                            \
	X(NOT_SURE, "not-sure")                                                                    \
	X(NOT_UNDERSTOOD, "not-understood")                                                        \
	X(NOT_WRITTEN, "not-written")                                                              \
	X(OFFLINE_INSIDE, "offline-inside")                                                        \
	X(OTHER_JSON, "other-json")                                                                \
	X(OTHER_RECOVERY_KEY, "other-recovery-key")                                                \
	X(OUT_OF_RANGE, "out-of-range")                                                            \
	X(OWN_COVERAGE, "own-coverage")                                                            \
	X(SHORT_CODE, "short-code")                                                                \
	X(SHORT_LINK, "short-link")                                                                \
	X(STORE, "store")                                                                          \
	X(SWAPPED, "swapped")                                                                      \
	X(TOO_SLOW, "too-slow")                                                                    \
	X(USAGE, "usage")

enum viz_code {
#define X(name, text) VIZ_CODE_##name,
	VIZ_CODES_NODE(X) VIZ_CODES_COMMAND(X)
#undef X
	    VIZ_CODE_COUNT /* none */
};

static inline const char *viz_code_name(enum viz_code code)
{
	switch (code) {
#define X(name, text)                                                                              \
	case VIZ_CODE_##name:                                                                      \
		return text;
		VIZ_CODES_NODE(X)
		VIZ_CODES_COMMAND(X)
#undef X
	case VIZ_CODE_COUNT:
		break;
	}
	return "";
}

#endif
