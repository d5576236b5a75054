/* A federation: its name and its parameters, the times and limits of the protocol. Its id is a hash
 * of both. Every handshake, author id and record contains the id, so that a test federation with
 * short times never touches the real one. PROTOCOL.md section 5. */
#ifndef VIZ_PROTO_FEDERATION_H
#define VIZ_PROTO_FEDERATION_H

#include "proto/reader.h"
#include "proto/writer.h"

#define VIZ_FEDERATION_NAME_MAX 32 /* bytes: a-z, 0-9 and '-' */

/* X(field, default, least, most) in the order of the encoding: the times, in milliseconds. */
#define VIZ_FEDERATION_TIMES(X)                                                                    \
	X(partner_delay_ms, 86400000, 300, 604800000)      /* a PARTNERS entry takes effect */     \
	X(partner_keep_ms, 8035200000, 10000, 31536000000) /* removed entries stay listed */       \
	X(suspicion_ms, 172800000, 1000, 604800000)        /* what did not come is suspect */      \
	X(silence_ms, 1209600000, 5000, 7776000000)        /* without a heartbeat records end */   \
	X(grace_ms, 604800000, 5000, 7776000000)           /* and are kept this much longer */     \
	X(heartbeat_ms, 28800000, 100, 604800000)          /* NODE published anew */               \
	X(old_transport_ms, 1209600000, 5000, 7776000000)  /* old transport key answers */         \
	X(write_once_ms, 7776000000, 60000, 31536000000)   /* OFFER to RESULT, after the day */    \
	X(draw_ms, 86400000, 1000, 604800000)        /* how old the draw of an OFFER is at most */ \
	X(window_min_ms, 20000, 500, 86400000)       /* least time from OFFER to `closes` */       \
	X(reveal_ms, 20000, 500, 86400000)           /* time to reveal after CLOSE */              \
	X(choice_ms, 259200000, 5000, 2592000000)    /* last date for the first choice */          \
	X(lease_ms, 900000, 1000, 86400000)          /* a lease, by the holder's clock */          \
	X(lease_margin_ms, 60000, 100, 3600000)      /* what the origin adds to it */              \
	X(contacted_ms, 259200000, 5000, 2592000000) /* a lease after CONTACTED, at most */        \
	X(location_erase_ms, 86400000, 1000, 604800000)     /* location erased after RESULT */     \
	X(undelivered_ms, 2592000000, 10000, 7776000000)    /* undelivered hand-off expires */     \
	X(contact_origin_ms, 2592000000, 10000, 7776000000) /* contact data at the origin */       \
	X(contact_holder_ms, 7776000000, 10000, 7776000000) /* contact data at the holder */       \
	X(ack_ms, 604800000, 5000, 7776000000)    /* an acknowledgement of coverage counts */      \
	X(serve_ms, 1209600000, 5000, 7776000000) /* a view is served after the OFFER */           \
	X(start_ms, 5000, 100, 600000)            /* an origin waits after a start */              \
	X(repair_ms, 600000, 500, 86400000)       /* between two repairs of a link */              \
	X(skew_ms, 120000, 1000, 600000)          /* how far a record may be ahead */

/* Behind the times in the encoding: the other parameters. */
#define VIZ_FEDERATION_COUNTS(X) X(ask_max, 5, 1, 16) /* partners drawn for one offer */

#define VIZ_FEDERATION_PARAMETERS(X)                                                               \
	VIZ_FEDERATION_TIMES(X)                                                                    \
	VIZ_FEDERATION_COUNTS(X)

struct viz_federation {
	char name[VIZ_FEDERATION_NAME_MAX + 1];
#define X(field, def, least, most) int64_t field;
	VIZ_FEDERATION_PARAMETERS(X)
#undef X
};

/* The real federation's times under `name`. */
void viz_federation_default(struct viz_federation *f, const char *name);
/* Sets one parameter by its name, as init's parameter file gives it. VIZ_ERR_ABSENT (no such name),
 * VIZ_ERR_LIMIT (outside its bounds). */
int viz_federation_set(struct viz_federation *f, const char *field, int64_t value);
/* VIZ_ERR_LIMIT: a parameter is outside its bounds. VIZ_ERR_MEANING: two of them do not fit each
 * other (PROTOCOL.md section 5). VIZ_ERR_FORM: the name. */
int viz_federation_check(const struct viz_federation *f);

/* [name, parameters...]: the bytes that the id is a hash of. */
#define VIZ_FEDERATION_BYTES_MAX 256
void viz_federation_write(struct viz_writer *w, const struct viz_federation *f);
void viz_federation_read(struct viz_reader *r, struct viz_federation *f);

#endif
