#include "node/trust/mutual.h"

#include "node/trust/author.h"
#include "node/trust/member.h"
#include "proto/base.h"

bool viz_mutual_stands(const struct viz_member *m, const struct viz_vouch_row *row)
{
	return !row->withdrawn && !viz_author_key_ended(m, row->key);
}

static bool vouches(const struct viz_member *a, const struct viz_member *b)
{
	for (size_t i = 0; i < a->vouch_count; i++)
		if (a->vouch[i].to == b->as && viz_mutual_stands(a, &a->vouch[i]))
			return true;
	return false;
}

struct viz_member *viz_mutual_member(const struct viz_member *a, const struct viz_vouch_row *row)
{
	struct viz_member *b = row->to->member;

	return b && viz_mutual_stands(a, row) && vouches(b, a) ? b : NULL;
}
