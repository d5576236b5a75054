/* The tables of the store, their keys and values. Values are canonical msgpack (proto/reader.h), so
 * that every field has one form; each row's codec stands beside the code that owns the row.
 * `id` is 32 bytes, integers in keys are big-endian. */
#ifndef VIZ_STORE_TABLES_H
#define VIZ_STORE_TABLES_H

#include "proto/base.h"

/* The version of all tables, raised when a row of any of them changes. A store with another version
 * is not opened. 2: the rows of LEAD, INBOX, EVIDENCE and of the look-up tables. 3: the rows of
 * LEAD and INBOX, META's "federation" and "signed", the bodies of records. 4: the key of an
 * OFFER's next one in STATEMENT. 5: stubs, META's "account:" and "reserve:". 6: what
 * partners say of awards, in STATEMENT. 7: DRAWN, `proof` in NAMED. 8: META's "weight--". 9: the
 * number in FINDING, older logs in the row of a chain in LOG, LEAD, INBOX and PEER,
 * META's "protocol", the texts of consents in STATEMENT. 10: a checksum behind each value
 * (checksum.h), META's "sums". 11: CUSTOMER_LINK, DRAFT, CLAIM, POLICY. */
#define VIZ_SCHEMA_VERSION 11

#define VIZ_SCHEMA_CHECKSUMS 10 /* the first version with checksums */

/* Numbers are the names of the LMDB databases: never reused, never reordered. */
enum viz_table {
	VIZ_TABLE_META = 0,   /* name -> value (meta.h) */
	VIZ_TABLE_RECORD = 1, /* author id, type u8, slot u64 -> the record(s) at that place */
	VIZ_TABLE_PEER = 2,   /* author id -> the operator's settings for a peer */
	VIZ_TABLE_INVITE = 3, /* token hash id -> an open invitation */
	VIZ_TABLE_OUTBOX = 5, /* peer id, number u64 -> mail that waits for its acknowledgement */
	VIZ_TABLE_DUE = 6,    /* time ms u64, kind u8, reference -> nothing: durable timers */
	VIZ_TABLE_LEAD = 7,   /* slot u64 -> a lead of which this node is the origin */
	VIZ_TABLE_INBOX = 8,  /* origin id, slot u64 -> an offer of a partner */
	VIZ_TABLE_STATEMENT = 9, /* origin id, slot u64, type u8, author id, number u64 -> signed
				  * bytes; under types below 64 what else belongs to that offer
				  * (enum viz_offer_row, node/core/place.h) */
	VIZ_TABLE_EVIDENCE = 10, /* record id -> bytes of a record that a view names */
	VIZ_TABLE_FINDING =
	    11,               /* origin id, slot u64, rule u8, about id -> a finding of the audit */
	VIZ_TABLE_PLAN = 12,  /* name -> a published list plan of this node */
	VIZ_TABLE_PLANT = 13, /* coverage name, part u32 -> private geometry and its public ads */
	VIZ_TABLE_JOURNAL = 14,    /* number u64 -> event, hash-chained */
	VIZ_TABLE_ACCESS = 15,     /* number u64 -> who saw which personal data, when */
	VIZ_TABLE_VAULT = 16,      /* block u32 -> state u8 (vault.h) */
	VIZ_TABLE_LOOKUP = 17,     /* block of cells, row u64 -> ordinals by cell (lookup.h) */
	VIZ_TABLE_LOOKUP_CEP = 18, /* block of codes, row u64 -> ordinals by range (lookup_cep.c) */
	VIZ_TABLE_LOOKUP_PLACE = 19,   /* country, municipality u32 -> ordinals */
	VIZ_TABLE_LOOKUP_OWN = 20,     /* kind u8, ordinal u32 -> what of it stands in the index */
	VIZ_TABLE_COVERAGE_INDEX = 21, /* whose record has which ordinal (node/coverage/index.h) */
	VIZ_TABLE_NAMED =
	    22, /* author id, record id -> an older NODE or PARTNERS that is still named */
	VIZ_TABLE_DRAW = 23,  /* number u32 -> a draw from which an offer may be made */
	VIZ_TABLE_TURN = 24,  /* partner id -> its turn */
	VIZ_TABLE_LOG = 25,   /* origin id, log u64, number u32 -> a stub (node/gossip/chain.h) */
	VIZ_TABLE_OFFER = 26, /* record id of an OFFER -> its origin and slot */
	VIZ_TABLE_LACKS = 27, /* origin id, log u64, number u32 -> how often the origin was asked in
				 vain for a record that is lacking (node/gossip/chain.c) */
	VIZ_TABLE_OWED = 28,  /* debtor id, rule u8, slot u64, about id -> what has not come
				 (node/audit/owed.h) */
	VIZ_TABLE_OPENING = 29, /* origin id, log u64, number u32, seq u64 -> an opened head
				   (node/gossip/opening.h) */
	VIZ_TABLE_PROTEST =
	    30, /* origin id, slot u64, author id -> ids of PROTESTs (node/gossip/protest.h) */
	VIZ_TABLE_DRAWN = 31, /* origin id, log u64, partner 16 bytes, draw u32, slot u64 -> nothing
				 (node/audit/turns.h) */
	VIZ_TABLE_CUSTOMER_LINK = 32, /* token hash id -> a customer's link (node/lead/customer.h)
				       */
	VIZ_TABLE_DRAFT = 33,  /* hash id of a connector and its reference -> who wants to move, as
				  an  ERP says */
	VIZ_TABLE_CLAIM = 34,  /* origin id, slot u64 -> who of us works on a lead of the inbox */
	VIZ_TABLE_POLICY = 35, /* name -> what the operator has set for the desk */
	VIZ_TABLE_COUNT
};

#endif
