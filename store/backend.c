#include "store/backend.h"
#include "store/meta.h"

#include <errno.h>
#include <sys/stat.h>

int viz_backend_explain(char *error, int err, const char *what, const char *why)
{
	if (error)
		snprintf(error, 256, "%.120s: %.120s", what, why);
	return err;
}

static int fill(struct viz_store_fault *fault, int err, const char *what,
		enum viz_store_reason reason, int error, const char *detail)
{
	if (fault) {
		*fault =
		    (struct viz_store_fault){.reason = reason, .error = error, .detail = detail};
		snprintf(fault->what, sizeof fault->what, "%s", what);
	}
	return err;
}

int viz_backend_refused(struct viz_store_fault *fault, const char *what, int error)
{
	if (error < 0)
		return viz_backend_damaged(fault, what, mdb_strerror(error));
	return fill(fault, error == ENOMEM ? VIZ_ERR_NOMEM : VIZ_ERR_STORE, what, VIZ_STORE_SYSTEM,
		    error, "");
}

int viz_backend_damaged(struct viz_store_fault *fault, const char *what, const char *detail)
{
	return fill(fault, VIZ_ERR_STORE, what, VIZ_STORE_DAMAGED, 0, detail);
}

int viz_backend_fault(struct viz_store_fault *fault, int err, const char *what,
		      enum viz_store_reason reason)
{
	return fill(fault, err, what, reason, 0, "");
}

int viz_backend_private(struct viz_store_fault *fault, const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return viz_backend_refused(fault, path, errno);
	return st.st_mode & 077 ? viz_backend_fault(fault, VIZ_ERR_STORE, path, VIZ_STORE_OPEN) : 0;
}

int viz_backend_poison(struct viz_store *s, const char *what, const char *why)
{
	if (!s->poisoned)
		snprintf(s->cause, sizeof s->cause, "%s: %s", what, why);
	s->poisoned = true;
	return VIZ_ERR_STORE;
}

MDB_cursor *viz_backend_cursor(struct viz_store *s, enum viz_table table)
{
	int rc = 0;

	if (!s->cursor[table]) {
		s->cursor_valid[table] = false;
		rc = mdb_cursor_open(s->txn, s->dbi[table], &s->cursor[table]);
	}
	if (rc) {
		s->cursor[table] = NULL;
		viz_backend_poison(s, "cursor", mdb_strerror(rc));
	}
	return s->cursor[table];
}

int viz_backend_open_row(struct viz_store *s, MDB_val *value, enum viz_table table,
			 const MDB_val *key)
{
	char what[32];

	if (table == VIZ_TABLE_META && key->mv_size == sizeof VIZ_META_SCHEMA - 1 &&
	    memcmp(key->mv_data, VIZ_META_SCHEMA, key->mv_size) == 0)
		return 0; /* the only row without one (sums.c) */
	if (viz_checksum_fits(table, key->mv_data, key->mv_size, value->mv_data, value->mv_size)) {
		value->mv_size -= VIZ_CHECKSUM_LEN;
		return 0;
	}
	snprintf(what, sizeof what, "table %u", (unsigned)table);
	return viz_backend_poison(s, what, "a row does not fit its checksum");
}

void viz_backend_drop_lookup(struct viz_store *s)
{
	for (unsigned i = 0; i < VIZ_STORE_LOOKUP_CURSORS; i++) {
		if (s->lookup[i])
			mdb_cursor_close(s->lookup[i]);
		s->lookup[i] = NULL;
	}
}

void viz_backend_drop_cursors(struct viz_store *s)
{
	s->generation++;
	for (unsigned t = 0; t < VIZ_TABLE_COUNT; t++) {
		if (s->cursor[t])
			mdb_cursor_close(s->cursor[t]);
		s->cursor[t] = NULL;
		s->cursor_valid[t] = false;
	}
	viz_backend_drop_lookup(s);
}
