/* META's "salvage", big-endian: flags u8 (head, directory, free list), a count u8 of tables, each
 * with its number u8, pages u32, rows u32 and flag u8 (sum); a count u16 of keys, each with its
 * table u8 and 40 bytes. */
#include "store/salvage.h"

static const char *const names[VIZ_TABLE_COUNT] = {
    [VIZ_TABLE_META] = "META",
    [VIZ_TABLE_RECORD] = "RECORD",
    [VIZ_TABLE_PEER] = "PEER",
    [VIZ_TABLE_INVITE] = "INVITE",
    [VIZ_TABLE_OUTBOX] = "OUTBOX",
    [VIZ_TABLE_DUE] = "DUE",
    [VIZ_TABLE_LEAD] = "LEAD",
    [VIZ_TABLE_INBOX] = "INBOX",
    [VIZ_TABLE_STATEMENT] = "STATEMENT",
    [VIZ_TABLE_EVIDENCE] = "EVIDENCE",
    [VIZ_TABLE_FINDING] = "FINDING",
    [VIZ_TABLE_PLAN] = "PLAN",
    [VIZ_TABLE_PLANT] = "PLANT",
    [VIZ_TABLE_JOURNAL] = "JOURNAL",
    [VIZ_TABLE_ACCESS] = "ACCESS",
    [VIZ_TABLE_VAULT] = "VAULT",
    [VIZ_TABLE_LOOKUP] = "LOOKUP",
    [VIZ_TABLE_LOOKUP_CEP] = "LOOKUP_CEP",
    [VIZ_TABLE_LOOKUP_PLACE] = "LOOKUP_PLACE",
    [VIZ_TABLE_LOOKUP_OWN] = "LOOKUP_OWN",
    [VIZ_TABLE_COVERAGE_INDEX] = "COVERAGE_INDEX",
    [VIZ_TABLE_NAMED] = "NAMED",
    [VIZ_TABLE_DRAW] = "DRAW",
    [VIZ_TABLE_TURN] = "TURN",
    [VIZ_TABLE_LOG] = "LOG",
    [VIZ_TABLE_OFFER] = "OFFER",
    [VIZ_TABLE_LACKS] = "LACKS",
    [VIZ_TABLE_OWED] = "OWED",
    [VIZ_TABLE_OPENING] = "OPENING",
    [VIZ_TABLE_PROTEST] = "PROTEST",
    [VIZ_TABLE_DRAWN] = "DRAWN",
    [VIZ_TABLE_CUSTOMER_LINK] = "CUSTOMER_LINK",
    [VIZ_TABLE_DRAFT] = "DRAFT",
    [VIZ_TABLE_CLAIM] = "CLAIM",
    [VIZ_TABLE_POLICY] = "POLICY",
};

const char *viz_salvage_loss_table(enum viz_table table)
{
	return table < VIZ_TABLE_COUNT && names[table] ? names[table] : "unused";
}

void viz_salvage_loss_write(uint8_t *out, size_t *len, const struct viz_salvage_loss *loss)
{
	const struct viz_damage *d = &loss->damage;
	uint8_t *p = out, *count = out + 1;

	*p = (uint8_t)(d->head | d->directory << 1 | d->free_list << 2);
	*count = 0;
	p += 2;
	for (unsigned t = 0; t < VIZ_TABLE_COUNT; t++) {
		if (!d->pages[t] && !d->rows[t] && !d->sum[t])
			continue;
		++*count;
		p[0] = (uint8_t)t;
		viz_be_put_u32(p + 1, d->pages[t]);
		viz_be_put_u32(p + 5, d->rows[t]);
		p[9] = d->sum[t];
		p += 10;
	}
	p[0] = (uint8_t)(loss->keys >> 8);
	p[1] = (uint8_t)loss->keys;
	p += 2;
	for (size_t i = 0; i < loss->keys; i++, p += 41) {
		p[0] = (uint8_t)loss->key[i].table;
		memcpy(p + 1, loss->key[i].key, 40);
	}
	*len = (size_t)(p - out);
}

int viz_salvage_loss_read(struct viz_salvage_loss *out, const uint8_t *bytes, size_t len)
{
	const uint8_t *p = bytes + 2, *end = bytes + len;
	struct viz_damage *d = &out->damage;

	memset(out, 0, sizeof *out);
	if (len < 4 || len < 4 + (size_t)10 * bytes[1])
		return VIZ_ERR_STORE;
	d->head = bytes[0] & 1;
	d->directory = bytes[0] & 2;
	d->free_list = bytes[0] & 4;
	for (unsigned i = 0; i < bytes[1]; i++, p += 10) {
		if (p[0] >= VIZ_TABLE_COUNT)
			return VIZ_ERR_STORE;
		d->pages[p[0]] = viz_be_get_u32(p + 1);
		d->rows[p[0]] = viz_be_get_u32(p + 5);
		d->sum[p[0]] = p[9];
	}
	out->keys = (size_t)p[0] << 8 | p[1];
	p += 2;
	if (out->keys > VIZ_SALVAGE_KEYS || (size_t)(end - p) != 41 * out->keys)
		return VIZ_ERR_STORE;
	for (size_t i = 0; i < out->keys; i++, p += 41) {
		out->key[i].table = (enum viz_table)p[0];
		memcpy(out->key[i].key, p + 1, 40);
	}
	return 0;
}
