#include "node/control/finding_id.h"

#include "proto/base.h"

void viz_finding_id_text(char out[VIZ_FINDING_ID_MAX], const uint8_t *key)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < VIZ_FINDING_KEY_LEN; i++)
		h = (h ^ key[i]) * 16777619u;
	snprintf(out, VIZ_FINDING_ID_MAX, "F%08x", h);
}
