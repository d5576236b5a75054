/* Whether the status of a contract says that it was cancelled. */
#ifndef VIZ_ANALYZE_STATUS_H
#define VIZ_ANALYZE_STATUS_H

#include "proto/base.h"

enum viz_status {
	VIZ_STATUS_UNKNOWN, /* empty, or a word or code that we do not know */
	VIZ_STATUS_CANCELLED,
	VIZ_STATUS_IN_FORCE,
	VIZ_STATUS_UNDONE, /* there was a cancellation, and it was taken back */
};

/* Reads words in Portuguese, and IXC's codes (cliente_contrato: status P A I N D, status_internet
 * A D CM CA FA AA). Numbers are no answer: the ERPs number the states differently. */
enum viz_status viz_status_of(const char *text, size_t len);

/* The same where the column is SGP's own ("contratoStatus"): its numbers are known too. */
enum viz_status viz_status_of_sgp(const char *text, size_t len);

#endif
