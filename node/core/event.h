/* Events that go into the core, and effects that come out of it.
 *
 * The core has no clock, no socket, no thread and no random source. The host (node/host/) or the
 * simulator (tests/sim/) passes it events, with the time as an argument, and carries out its
 * effects.
 *
 * The host does the link layer (PROTOCOL.md section 6): TCP carries frames, u16be length || Noise
 * message. The three messages of Noise XK come first; the third carries the initiator's hello. Then
 * each frame is one transport message with the plaintext u16be body length || body || zero padding.
 * Body length 0 is a keep-alive, 0xffff a rekey of the sender's direction: the host handles both.
 * It passes the bodies of all other plaintexts to the core, after it has checked and removed the
 * padding. The core adds the length and the padding to what it sends. */
#ifndef VIZ_NODE_CORE_EVENT_H
#define VIZ_NODE_CORE_EVENT_H

#include "proto/base.h"

/* The version of the control protocol (node/CONTROL.md). Each reply has it. */
#define VIZ_CONTROL_PROTOCOL 1

enum viz_event_kind {
	VIZ_EVENT_TICK,        /* time has passed: the host sends one at the deadline of the core */
	VIZ_EVENT_HELLO,       /* an inbound handshake is done: link, remote, bytes = hello payload,
				  old_key = it was made with our previous transport key */
	VIZ_EVENT_OPENED,      /* an outbound handshake is done: link, attempt */
	VIZ_EVENT_DIAL_FAILED, /* attempt, end */
	VIZ_EVENT_CLOSED,      /* link; exactly once per link, also after an effect CLOSE */
	VIZ_EVENT_MESSAGE,     /* link, bytes = body */
	VIZ_EVENT_VERIFIED, /* job, ok = the signature is good; link, near, asked of the effect */
	VIZ_EVENT_REQUEST,  /* client, bytes = JSON text (node/CONTROL.md), who = UNIX user name of
			     * the client */
	VIZ_EVENT_SETTINGS, /* bytes = a struct viz_node_settings: the configuration was read anew
			     */
	VIZ_EVENT_HOOKED,   /* attempt, ok = the hook has taken what VIZ_EFFECT_HOOK brought */
};

/* What came of a dial, or how a link ended, as far as this node can know. */
enum viz_link_end {
	VIZ_LINK_END_NONE,
	/* by the host, of a dial */
	VIZ_LINK_END_TIMEOUT,     /* nothing has answered */
	VIZ_LINK_END_REFUSED,     /* the machine answers, and no program listens there */
	VIZ_LINK_END_UNREACHABLE, /* the network has no way there */
	VIZ_LINK_END_OTHER,       /* somebody answers, who has not the key that was expected */
	VIZ_LINK_END_BUSY,        /* this node has no place for the dial */
	/* by the core (link/remote.h) */
	VIZ_LINK_END_TURNED_AWAY,  /* it has ended the link before its first message */
	VIZ_LINK_END_LOST,         /* it has ended the link, or the network has */
	VIZ_LINK_END_CLOSED,       /* we have ended the link */
	VIZ_LINK_END_REFUSED_HERE, /* we have refused its hello */
};

/* Each kind uses the fields that its comment names. The core borrows all pointers until
 * viz_node_run returns. */
struct viz_event {
	enum viz_event_kind kind;
	uint64_t link;         /* chosen by the host, never 0, never reused in a process */
	uint64_t attempt;      /* chosen by the core, in VIZ_EFFECT_DIAL and VIZ_EFFECT_HOOK */
	uint64_t job;          /* chosen by the core, in VIZ_EFFECT_VERIFY */
	uint64_t client;       /* chosen by the host, never reused in a process */
	enum viz_link_end end; /* why a dial failed */
	struct viz_pub remote; /* the peer's static X25519 key */
	bool old_key;
	bool ok;
	bool near;
	bool asked;
	const uint8_t *bytes;
	size_t len;
	const char *who;
};

enum viz_effect_kind {
	VIZ_EFFECT_DIAL, /* attempt, text = numeric "address:port" or "[address]:port", remote = the
			    static key to expect, bytes = hello payload for handshake message 3 */
	VIZ_EFFECT_ADMIT,  /* link: the hello is accepted, pass on the messages of the link */
	VIZ_EFFECT_SEND,   /* link, bytes = plaintext with length and padding, one frame; bulk =
			      what is not bulk may go before it, bulk keeps its order */
	VIZ_EFFECT_CLOSE,  /* link, text = reason for the log: close after all SENDs before it */
	VIZ_EFFECT_VERIFY, /* job, sig, id = what is signed, remote = Ed25519 key: check the
			      signature in the pool; the result comes as an event VERIFIED. For the
			      host's queues: link = that brought it, near = check it before others,
			      asked = we have asked for it */
	VIZ_EFFECT_REPLY,  /* client, bytes = JSON text without newline: the one reply of a request
			    */
	VIZ_EFFECT_KEYS,   /* transport, transport_old: in the first batch, then after each change
			    */
	VIZ_EFFECT_HOOK,   /* attempt, bytes = JSON text with newline: run the operator's hook with
			      it;   the result comes as an event HOOKED, one at a time */
	VIZ_EFFECT_LOG,    /* priority (syslog: 3 error ... 7 debug), text, form; never personal
			      data */
};

struct viz_effect {
	enum viz_effect_kind kind;
	uint64_t link, attempt, job, client;
	struct viz_pub remote;
	struct viz_sig sig;
	struct viz_id id;
	struct viz_secret transport;     /* KEYS: the current transport key */
	struct viz_secret transport_old; /* KEYS: the previous one, if has_old */
	bool has_old;
	bool near;
	bool asked;
	bool bulk;
	int priority;
	uint8_t *bytes; /* owned by the viz_effects */
	size_t len;
	bool shared;      /* other effects of the list have the same bytes: do not change them */
	char *text;       /* owned by the viz_effects; NULL when there is none */
	const char *form; /* LOG: a constant, the same for all lines of one kind, so that the host
			     can limit each kind */
};

/* A growing list of effects, freed as a whole. */
struct viz_effects {
	struct viz_effect *list;
	size_t count, capacity;
	uint8_t **block; /* bytes that effects share, each block allocated by itself */
	size_t block_count, block_capacity;
	bool ours; /* a mail or a record was among the events for which a lead of ours may wait */
};

/* An empty list. */
void viz_effects_init(struct viz_effects *fx);

/* Wipes and frees what the list owns. The list is empty then and may be used again. */
void viz_effects_clear(struct viz_effects *fx);

/* Appends an effect whose other fields are zero, with a copy of `bytes` (none if len is 0). The
 * pointer is valid until the next append. */
struct viz_effect *viz_effects_add(struct viz_effects *fx, enum viz_effect_kind kind,
				   const uint8_t *bytes, size_t len);

/* Copies `bytes` into a block that any number of effects can share, so that what goes out on every
 * link is in memory once. The list owns the block. */
uint8_t *viz_effects_share(struct viz_effects *fx, const uint8_t *bytes, size_t len);

/* Appends an effect whose bytes are `block`, which came from viz_effects_share of the same list. */
struct viz_effect *viz_effects_add_shared(struct viz_effects *fx, enum viz_effect_kind kind,
					  uint8_t *block, size_t len);

#endif
