/* Every count, queue and size of the protocol has its name here. What is larger is refused, never
 * cut off. The times depend on the federation (proto/federation.h); limits of geometry are in
 * proto/geo/limits.h. */
#ifndef VIZ_PROTO_LIMITS_H
#define VIZ_PROTO_LIMITS_H

#define VIZ_PROTOCOL_VERSION 1

/* Frames and records, bytes. */
#define VIZ_FRAME_MAX         65535 /* a Noise message */
#define VIZ_PLAINTEXT_MAX     65519 /* its payload */
#define VIZ_BODY_MAX          65517 /* payload without the u16 length */
#define VIZ_RECORD_MAX        32768 /* a record without its signature */
#define VIZ_SIGNED_RECORD_MAX (VIZ_RECORD_MAX + 64)
#define VIZ_BODY_DEPTH        6 /* nesting of a record's body */

/* Texts, bytes of UTF-8. */
#define VIZ_NAME_MAX      80
#define VIZ_CNPJ_LEN      14
#define VIZ_ADDRESS_MAX   63
#define VIZ_ADDRESSES_MAX 4
#define VIZ_WHATSAPP_MAX  20
#define VIZ_HOURS_MAX     64
#define VIZ_PRIVACY_MAX   80
#define VIZ_VERSION_MAX   24
#define VIZ_REASON_MAX    120
#define VIZ_REF_MAX       64 /* references: protocol number, evidence, agent */

/* Places of an author: slots per type, and bytes of a record by type (proto/record.c). */
#define VIZ_KEYS_MAX            64 /* key numbers 0 to 63: successions of an author */
#define VIZ_VOUCH_SLOTS         64
#define VIZ_VOUCH_SLOT_START    63 /* names nobody: it tells that a process has begun */
#define VIZ_COVERAGE_SLOTS      64
#define VIZ_OFFERS_PER_DAY      2048 /* OFFERs of an author on a UTC day */
#define VIZ_OFFER_DAYS_LATE     2  /* UTC days after which an OFFER is taken only when asked for */
#define VIZ_PROTESTS_PER_DAY    32 /* PROTESTs of an author on a UTC day, without replies */
#define VIZ_REPLIES_PER_DAY     512
#define VIZ_PARTNERS_MAX        256
#define VIZ_NAMED_PER_AUTHOR    1024
#define VIZ_OPENINGS_PER_AUTHOR 1024  /* opened heads of an author */
#define VIZ_COVERAGE_CODES_MAX  1024  /* in a COVERAGE */
#define VIZ_COVERAGE_CEPS_MAX   1024  /* in a COVERAGE */
#define VIZ_REGION_BYTES_MAX    24576 /* packed cells in a COVERAGE */

/* An offer. */
#define VIZ_ASKED_MAX           16 /* partners asked for one offer; ask_max is at most this */
#define VIZ_TURN_MAX            2147483647 /* highest number of a draw */
#define VIZ_LOG_NUMBER_MAX      2147483647 /* highest number of a log: the next one fits too */
#define VIZ_LIST_ENTRY          5          /* bytes of an entry of asked, struck and not drawn */
#define VIZ_OFFER_MAX           2048       /* bytes: 255 partners in its lists */
#define VIZ_PLEDGE_SIGNED       192        /* bytes of every PLEDGE, with its signature */
#define VIZ_CLOSE_MAX           6144       /* bytes: VIZ_ASKED_MAX PLEDGEs */
#define VIZ_RESULT_MAX          2048
#define VIZ_CHOICE_MAX          512
#define VIZ_RECEIPT_MAX         2048
#define VIZ_AWARD_MAX           1024
#define VIZ_PROPOSAL_MAX        4096
#define VIZ_PLANS_MAX           16
#define VIZ_LOCATION_MAX        64
#define VIZ_AREA_LEVEL          14  /* of an area's cell: some 2.3 km wide in Brazil */
#define VIZ_AREA_ADDRESSES      500 /* that the origin's gazetteer shows in such a cell, at least */
#define VIZ_CONTACT_MAX         1024
#define VIZ_AWARDS_MAX          15      /* awards of one lead: first and later choices */
#define VIZ_PAUSES_MAX          16      /* between processes, that are kept */
#define VIZ_CHOICES_MAX         16      /* CHOICEs of one offer: its awards, and none */
#define VIZ_PROTEST_REPLIES     16      /* PROTESTs that one reply answers */
#define VIZ_PROTEST_SHARE       4194304 /* bytes of PROTESTs of one author that are held */
#define VIZ_FINDINGS_PER_RULE   64  /* findings of one rule about one origin, and about no offer */
#define VIZ_FINDINGS_PER_OFFER  8   /* findings of one rule about one offer that are kept */
#define VIZ_EVIDENCE_IDS_MAX    64  /* records of one EVIDENCE_ASK */
#define VIZ_VIEW_ITEMS_MAX      192 /* items of an author in a view */
#define VIZ_OFFER_RESERVE       17536     /* bytes of CLOSE, RESULT and 16 CHOICEs, signed */
#define VIZ_CIRCLE_SHARE        402653184 /* bytes that one origin makes us store */
#define VIZ_FEDERATION_PART     6         /* of the map: one part is for federation records */
#define VIZ_TOMBSTONES_MAX      4096      /* WITHDRAWALs of one origin before their OFFERs */
#define VIZ_EVIDENCE_PER_ORIGIN 16777216  /* of them, of its views */
#define VIZ_PROBE_HOUR          60   /* locations within an hour with one node; more are reported */
#define VIZ_PROBE_BURST         40   /* locations within ten minutes, then reported */
#define VIZ_PROBE_MIN           20   /* promises, half of locations: from these awards are judged */
#define VIZ_PROBE_NO            10   /* locations without a yes or analysis, then reported */
#define VIZ_PROBE_AWARDS        10   /* awards without an install, then reported */
#define VIZ_PROOF_LINE_MAX      3200 /* characters of the customer's line */
#define VIZ_STUBS_PER_ORIGIN    65536 /* of its logs, kept without their records */

/* Contact data of a hand-off, bytes. */
#define VIZ_PERSON_MAX 120
#define VIZ_PHONE_MAX  20
#define VIZ_STREET_MAX 240
#define VIZ_PLAN_MAX   60

/* Links and the core's queues. */
#define VIZ_HELLO_RECORDS_MAX  (VIZ_KEYS_MAX + 1)
#define VIZ_HELLO_MAX          49152 /* bytes */
#define VIZ_ADDRESS_TRIES      4
#define VIZ_LINKS_MAX          512
#define VIZ_LINKS_LOT          8 /* that a node dials by lot, besides those of the operator's peers */
#define VIZ_LINKS_SITE         2 /* of these in one /16 or /32, or of one ASN, if there are others */
#define VIZ_LINKS_BESIDES      2  /* more of these while the net may be split */
#define VIZ_LINKS_REMEMBERED   2  /* links by lot that are dialled again after a start */
#define VIZ_LINKS_INBOUND      24 /* inbound, besides those of the operator's peers */
#define VIZ_VERIFY_IN_FLIGHT   256
#define VIZ_VERIFY_PER_LINK    64
#define VIZ_VERIFY_OTHERS      192   /* of the former for records of whom we do not deal with */
#define VIZ_VERIFY_INBOUND     128   /* of these on links with whom we have not chosen */
#define VIZ_VERIFY_OTHERS_LINK 48    /* of the latter likewise */
#define VIZ_VERIFY_ASKED       2048  /* besides these, of what our repairs have asked for */
#define VIZ_TREE_BUCKETS       2048  /* of the tree of repair: the first 11 bits of an author id */
#define VIZ_TREE_LISTS_MAX     1024  /* of one BUCKET */
#define VIZ_TREE_ENTRIES_MAX   4096  /* of one of its lists */
#define VIZ_TREE_AUTHORS_MAX   512   /* of one AUTHOR */
#define VIZ_TREE_ITEMS_MAX     257   /* of an author: 192 of set 1, 65 of set 2 */
#define VIZ_REPAIRS_MAX        2     /* repairs at a time that this node has begun */
#define VIZ_REPAIR_LIST_MAX    32768 /* places, or authors, that one of them notes */
#define VIZ_REPAIR_LACKED_MAX  64    /* lacking authors that one AUTHOR asks for */
#define VIZ_WANT_PER_MESSAGE   128
#define VIZ_ANNOUNCE_MAX       128  /* of one ANNOUNCE */
#define VIZ_ANNOUNCE_ITEM      8    /* bytes of an item in it */
#define VIZ_ANNOUNCE_QUEUES    3    /* own and partners', others', and what is over their parts */
#define VIZ_ANNOUNCE_NEAR      1024 /* the newest of the first; repair brings the rest */
#define VIZ_ANNOUNCE_RING      8192 /* likewise of each of the others */
#define VIZ_FETCH_OPEN         32   /* announced and asked for on a link; own and partners' apart */
#define VIZ_FETCH_NOTED        256  /* likewise noted, of those whom it was the first to announce */
#define VIZ_FETCH_FROM         16   /* announcers that are remembered */
#define VIZ_FETCH_UNSERVED     64   /* what a link did not serve: it is not asked for again on it */
#define VIZ_FETCH_COST         10   /* signature checks, for what was not served */
#define VIZ_OFFER_ASK_MAX      64   /* offers of one OFFER_ASK */
#define VIZ_LOG_STUBS_MAX      512  /* of a log, asked for and sent at once */
#define VIZ_PROTEST_IDS_MAX    4096 /* ids of one PROTESTS */
#define VIZ_MAIL_WINDOW        32   /* mail sent and not yet acknowledged, per link */
#define VIZ_OUTBOX_PER_PEER    4096
#define VIZ_INVITES_MAX        64
#define VIZ_TOKENS_PER_LINK    4
#define VIZ_MEMBERS_MAX        65536
#define VIZ_STRANGERS_MAX      262144 /* ids that VOUCHes name and of which no NODE is known */
#define VIZ_STRANGERS_EACH     8      /* of one author, when half of these places are taken */
#define VIZ_SIGNATURES_PER_SEC 4000   /* checks for one peer */
#define VIZ_SIGNATURES_BURST   8000
#define VIZ_LOOKS_PER_CHECK    16      /* places that somebody names cost one check */
#define VIZ_FULL_LINKS_MINUTE  20      /* links with one peer that become full, in a minute */
#define VIZ_FULL_LINKS_BURST   32      /* at once */
#define VIZ_REPAIR_BURST_BYTES 2097152 /* answers of repair to a peer; less than a host queues */
#define VIZ_REPAIR_BYTES_SEC   16777216
#define VIZ_REPAIR_AT_ONCE     2      /* peers with these rates; more of them share, but for ours */
#define VIZ_FLOOD_BYTES_SEC    131072 /* of the flood on a link; repair brings the rest */
#define VIZ_FLOOD_BURST_BYTES  1048576 /* less than a host queues, with VIZ_REPAIR_BURST_BYTES */
#define VIZ_FLOOD_SMALL        4096    /* larger records leave half of the burst to small ones */
#define VIZ_UPDATES_BURST      512     /* records of an author that replace others */
#define VIZ_UPDATES_PER_SEC    2
#define VIZ_RENEWALS           16384 /* of all whom our operator does not deal with, of late */
#define VIZ_NEWS               65536 /* likewise, of announcements that do not stand back */
#define VIZ_PART_HALF_MS       64000 /* each such time half of both are forgotten */
#define VIZ_OUTBOX_BULK        256 /* mails waiting for a peer; above this no VIEW and no EVIDENCE */
#define VIZ_WINDOW_FACTOR_MAX  4320     /* the longest window of an offer, in least ones */
#define VIZ_REQUEST_MAX        33554432 /* bytes of a control request */

/* The forms of repair, in bytes where nothing else is said: PROTOCOL.md section 12.2. */
#define VIZ_TREE_HASH     16   /* of the hash of a bucket */
#define VIZ_TREE_CUTS     8    /* places from which a piece of a hash is taken */
#define VIZ_TREE_TAIL_MAX 8191 /* the 13 bits of an id behind those of its bucket */
#define VIZ_TREE_PREFIX   3    /* bucket and tail */
#define VIZ_TREE_ENTRY    6    /* tail, a piece of each hash */
#define VIZ_TREE_ITEM     7    /* type, slot, age, a piece of the item */

/* The sketch of repair, likewise. */
#define VIZ_SKETCH_ROWS     4    /* each mark stands in one cell of each row */
#define VIZ_SKETCH_CELLS    4096 /* cells of a row that a node keeps, */
#define VIZ_SKETCH_MOST     1400 /* and that it sends at most */
#define VIZ_SKETCH_FIRST    48   /* that are asked for first */
#define VIZ_SKETCH_CELL     10   /* a mark and its check */
#define VIZ_SKETCH_PARITIES 512  /* a bit for each cell of a row */

/* Bytes of plaintext to whose multiple messages are padded: those with personal data, and those
 * that say how far an offer has come. */
#define VIZ_PAD_CLASS 2048
#define VIZ_PAD_SMALL 512

#endif
