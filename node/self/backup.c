#include "node/self/backup.h"

#include "node/core/core.h"
#include "node/trust/identity.h"
#include "node/trust/trust.h"
#include "proto/fields.h"
#include "proto/reader.h"
#include "proto/writer.h"
#include "store/meta.h"

#define ROW_MAX 64

struct recovery_row {
	struct viz_pub pub;
};
#define RECOVERY(F) F(KEY, pub)

struct at_row {
	struct viz_time at;
};
#define AT(F) F(TIME, at)

#define RESTORED(F)                                                                                \
	F(TIME, made)                                                                              \
	F(TIME, restored)                                                                          \
	F(BOOL, begun)

bool viz_backup_recovery(struct viz_core *core, struct viz_pub *out)
{
	struct recovery_row row;
	struct viz_slice v;

	if (!viz_core_get(core, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_RECOVERY)) ||
	    VIZ_FIELDS_PARSE(&row, v.p, v.len, RECOVERY) != VIZ_OK)
		return false;
	*out = row.pub;
	return true;
}

void viz_backup_set_recovery(struct viz_core *core, const struct viz_pub *pub)
{
	struct recovery_row row = {*pub};
	VIZ_WRITER(w, ROW_MAX);

	VIZ_FIELDS_WRITE(&w, &row, RECOVERY);
	viz_core_put_row(core, VIZ_TABLE_META, VIZ_META(VIZ_META_RECOVERY), &w);
}

static struct viz_time time_of(struct viz_core *core, const uint8_t *key, size_t key_len)
{
	struct at_row row = {{0}};
	struct viz_slice v;

	if (!viz_core_get(core, &v, VIZ_TABLE_META, key, key_len) ||
	    VIZ_FIELDS_PARSE(&row, v.p, v.len, AT) != VIZ_OK)
		row.at.ms = 0;
	return row.at;
}

static void set_time(struct viz_core *core, const uint8_t *key, size_t key_len, struct viz_time at)
{
	struct at_row row = {at};
	VIZ_WRITER(w, ROW_MAX);

	VIZ_FIELDS_WRITE(&w, &row, AT);
	viz_core_put_row(core, VIZ_TABLE_META, key, key_len, &w);
}

struct viz_time viz_backup_last(struct viz_core *core)
{
	return time_of(core, VIZ_META(VIZ_META_BACKUP));
}

void viz_backup_done(struct viz_core *core, struct viz_time at)
{
	set_time(core, VIZ_META(VIZ_META_BACKUP), at);
}

struct viz_time viz_backup_moved(struct viz_core *core)
{
	return time_of(core, VIZ_META(VIZ_META_MOVED));
}

void viz_backup_set_moved(struct viz_core *core, struct viz_time at)
{
	if (at.ms != 0)
		set_time(core, VIZ_META(VIZ_META_MOVED), at);
	else
		viz_core_del(core, VIZ_TABLE_META, VIZ_META(VIZ_META_MOVED));
}

struct viz_backup_restored viz_backup_restored(struct viz_core *core)
{
	struct viz_backup_restored row = {.begun = false};
	struct viz_slice v;

	if (!viz_core_get(core, &v, VIZ_TABLE_META, VIZ_META(VIZ_META_RESTORED)) ||
	    VIZ_FIELDS_PARSE(&row, v.p, v.len, RESTORED) != VIZ_OK)
		row = (struct viz_backup_restored){.begun = false};
	return row;
}

void viz_backup_set_restored(struct viz_core *core, const struct viz_backup_restored *r)
{
	VIZ_WRITER(w, ROW_MAX);

	VIZ_FIELDS_WRITE(&w, r, RESTORED);
	viz_core_put_row(core, VIZ_TABLE_META, VIZ_META(VIZ_META_RESTORED), &w);
}

void viz_backup_start(struct viz_trust *trust)
{
	struct viz_backup_restored r = viz_backup_restored(trust->core);

	if (r.restored.ms == 0 || r.begun)
		return;
	r.begun = true;
	viz_backup_set_restored(trust->core, &r);
	viz_core_log(
	    trust->core, 4,
	    "this node was restored from a backup: its partners have what it signed since, "
	    "and show it; `vizinho restore report` says what is lost");
	viz_identity_quarantine(trust, viz_identity_time(trust));
}
