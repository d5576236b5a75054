/* What goes into the core and what comes out of it. The core has no clock, no socket, no
 * thread and no random source: the host (node/host/) or the simulator (tests/sim/) feeds it
 * events with the time as an argument and carries out its effects. PROTOCOL.md section 6
 * tells what is on the wire.
 *
 * Link layer (the host's): TCP carries frames, u16be length || Noise message. The three
 * messages of Noise XK come first; the third carries the initiator's hello. Then each frame
 * is one transport message whose plaintext is u16be body length || body || zero padding.
 * Body length 0 is a keep-alive, 0xffff a rekey of the sender's direction: both are the
 * host's matter. All other plaintexts go to the core, padding stripped and checked; the core
 * pads what it sends itself. */
#ifndef VIZ_NODE_CORE_EVENT_H
#define VIZ_NODE_CORE_EVENT_H

#include "proto/base.h"

enum viz_event_kind {
	VIZ_EVENT_TICK,   /* the deadline that the core announced has come, or just time passes */
	VIZ_EVENT_HELLO,  /* an inbound handshake is done: link, remote, bytes = hello payload,
			     old_key = it was made with our previous transport key */
	VIZ_EVENT_OPENED, /* an outbound handshake is done: link, attempt */
	VIZ_EVENT_DIAL_FAILED, /* attempt */
	VIZ_EVENT_CLOSED,      /* link; also after an effect CLOSE, always exactly once per link */
	VIZ_EVENT_MESSAGE,     /* link, bytes = body */
	VIZ_EVENT_VERIFIED,    /* job, ok */
	VIZ_EVENT_REQUEST,     /* client, bytes = JSON text, who = UNIX user name of the client */
};

/* All pointers are borrowed for the step. */
struct viz_event {
	enum viz_event_kind kind;
	uint64_t link;         /* chosen by the host, never 0, never reused in a process */
	uint64_t attempt;      /* chosen by the core, in VIZ_EFFECT_DIAL */
	uint64_t job;          /* chosen by the core, in VIZ_EFFECT_VERIFY */
	uint64_t client;       /* chosen by the host, never reused in a process */
	struct viz_pub remote; /* the peer's static X25519 key */
	bool old_key;
	bool ok;
	const uint8_t *bytes;
	size_t len;
	const char *who;
};

enum viz_effect_kind {
	VIZ_EFFECT_DIAL, /* attempt, text = numeric "address:port" or "[address]:port", remote = the
			    static key to expect, bytes = hello payload for handshake message 3 */
	VIZ_EFFECT_ADMIT, /* link: the hello is accepted, pass its messages on */
	VIZ_EFFECT_SEND,  /* link, bytes = plaintext with length and padding, one frame */
	VIZ_EFFECT_CLOSE, /* link, text = reason, for the log: after what was sent before is flushed
			   */
	VIZ_EFFECT_VERIFY, /* job, sig, id, remote = Ed25519 key: check on the pool, come back */
	VIZ_EFFECT_REPLY,  /* client, bytes = JSON text without newline: the one reply of a request
			    */
	VIZ_EFFECT_KEYS,   /* the transport secrets: first at start, then after each change */
	VIZ_EFFECT_LOG,    /* priority (syslog: 3 error ... 7 debug), text; never personal data */
};

struct viz_effect {
	enum viz_effect_kind kind;
	uint64_t link, attempt, job, client;
	struct viz_pub remote;
	struct viz_sig sig;
	struct viz_id id;
	struct viz_secret transport;     /* KEYS: the current one */
	struct viz_secret transport_old; /* KEYS: the previous one, when has_old */
	bool has_old;
	int priority;
	uint8_t *bytes; /* owned by the viz_effects */
	size_t len;
	bool shared; /* bytes are those of other effects of the list too: not to be changed */
	char *text;  /* owned by the viz_effects; NULL when there is none */
	const char
	    *form; /* LOG: a constant, the same for lines of one kind: the host counts them */
};

/* A growing list, freed as a whole. */
struct viz_effects {
	struct viz_effect *list;
	size_t count, capacity;
	uint8_t **block; /* what effects share, each allocated by itself */
	size_t block_count, block_capacity;
};

void viz_effects_init(struct viz_effects *fx);

/* Wipes and frees what the list owns; the list is empty then and may be used again. */
void viz_effects_clear(struct viz_effects *fx);

/* Appends a zeroed effect; the pointer lives until the next append. bytes (may be NULL) are copied.
 */
struct viz_effect *viz_effects_add(struct viz_effects *fx, enum viz_effect_kind kind,
				   const uint8_t *bytes, size_t len);

/* Copies bytes once, for any number of effects that viz_effects_add_shared appends: what goes out
 * on every link is in memory once. The block is the list's. */
uint8_t *viz_effects_share(struct viz_effects *fx, const uint8_t *bytes, size_t len);

struct viz_effect *viz_effects_add_shared(struct viz_effects *fx, enum viz_effect_kind kind,
					  uint8_t *block, size_t len);

#endif
