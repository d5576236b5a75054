/* Proves the store of a directory sound before LMDB reads it, and makes a new one of what is right:
 * of a damaged one, and of one that an older version has written.
 *
 * The new store is built in dir/rebuild and moved into the place of the old one when all of it is
 * on disk. A process that ends before has changed nothing, and the next one begins anew. A damaged
 * store is kept as dir/store.damaged, in the place of an earlier one. */
#ifndef VIZ_STORE_SALVAGE_H
#define VIZ_STORE_SALVAGE_H

#include "store/pages.h"
#include "store/store.h"

#define VIZ_SALVAGE_DIR     "rebuild"
#define VIZ_SALVAGE_DAMAGED "store.damaged"
#define VIZ_SALVAGE_OLDEST  9   /* the oldest schema whose rows this version reads */
#define VIZ_SALVAGE_KEYS    512 /* keys of damaged rows that are told, at most */

enum viz_salvage_end {
	VIZ_SALVAGE_SOUND,    /* the store was left as it is, or there is none */
	VIZ_SALVAGE_REBUILT,  /* it was damaged: META's "salvage" has what is lost */
	VIZ_SALVAGE_MIGRATED, /* it is of this version's schema now */
	VIZ_SALVAGE_LOST,     /* damaged, and without what makes a node: left as it is */
	VIZ_SALVAGE_FAILED,   /* the new store could not be written: left as it is */
};

struct viz_salvage_result {
	enum viz_salvage_end end;
	uint32_t version; /* that was found */
	int error;        /* FAILED: errno */
	uint64_t rows;    /* of the new store */
	struct viz_damage damage;
};

/* For a process of its own, as a disk that does not give a page ends it by SIGBUS. It takes
 * dir/lock while it works: VIZ_ERR_STATE where another process has it. 0: `out` says how it ended.
 */
int viz_salvage_run(struct viz_salvage_result *out, const struct viz_store_config *config);

/* META's "salvage": what was lost when this store was made. */
struct viz_salvage_loss {
	struct viz_damage damage;
	struct {
		enum viz_table table; /* LEAD or INBOX */
		uint8_t key[40];      /* of a row that was damaged; slot, or origin id and slot */
	} key[VIZ_SALVAGE_KEYS];
	size_t keys;
};

void viz_salvage_loss_write(uint8_t *out, size_t *len, const struct viz_salvage_loss *loss);
int viz_salvage_loss_read(struct viz_salvage_loss *out, const uint8_t *bytes, size_t len);
#define VIZ_SALVAGE_LOSS_MAX (4 + VIZ_TABLE_COUNT * 10 + VIZ_SALVAGE_KEYS * 41)

/* "RECORD" of VIZ_TABLE_RECORD. */
const char *viz_salvage_loss_table(enum viz_table table);

#endif
