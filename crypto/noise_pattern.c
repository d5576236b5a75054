#include "crypto/noise.h"

/* Revision 34, sections 7.4 and 7.5, as they stand there; pre-messages are the two booleans. */
static const struct viz_noise_script nn = {
    .name = "NN",
    .messages = 2,
    .tokens = {{VIZ_NOISE_E}, {VIZ_NOISE_E, VIZ_NOISE_EE}},
};

static const struct viz_noise_script nx = {
    .name = "NX",
    .messages = 2,
    .tokens = {{VIZ_NOISE_E}, {VIZ_NOISE_E, VIZ_NOISE_EE, VIZ_NOISE_S, VIZ_NOISE_ES}},
};

static const struct viz_noise_script nk = {
    .name = "NK",
    .pre_responder = true,
    .messages = 2,
    .tokens = {{VIZ_NOISE_E, VIZ_NOISE_ES}, {VIZ_NOISE_E, VIZ_NOISE_EE}},
};

static const struct viz_noise_script kk = {
    .name = "KK",
    .pre_initiator = true,
    .pre_responder = true,
    .messages = 2,
    .tokens = {{VIZ_NOISE_E, VIZ_NOISE_ES, VIZ_NOISE_SS},
	       {VIZ_NOISE_E, VIZ_NOISE_EE, VIZ_NOISE_SE}},
};

static const struct viz_noise_script xk = {
    .name = "XK",
    .pre_responder = true,
    .messages = 3,
    .tokens = {{VIZ_NOISE_E, VIZ_NOISE_ES},
	       {VIZ_NOISE_E, VIZ_NOISE_EE},
	       {VIZ_NOISE_S, VIZ_NOISE_SE}},
};

static const struct viz_noise_script ik = {
    .name = "IK",
    .pre_responder = true,
    .messages = 2,
    .tokens = {{VIZ_NOISE_E, VIZ_NOISE_ES, VIZ_NOISE_S, VIZ_NOISE_SS},
	       {VIZ_NOISE_E, VIZ_NOISE_EE, VIZ_NOISE_SE}},
};

static const struct viz_noise_script xx = {
    .name = "XX",
    .messages = 3,
    .tokens = {{VIZ_NOISE_E},
	       {VIZ_NOISE_E, VIZ_NOISE_EE, VIZ_NOISE_S, VIZ_NOISE_ES},
	       {VIZ_NOISE_S, VIZ_NOISE_SE}},
};

const struct viz_noise_script *viz_noise_pattern_script(enum viz_noise_pattern pattern)
{
	switch (pattern) {
	case VIZ_NOISE_NX:
		return &nx;
	case VIZ_NOISE_NK:
		return &nk;
	case VIZ_NOISE_KK:
		return &kk;
	case VIZ_NOISE_XK:
		return &xk;
	case VIZ_NOISE_IK:
		return &ik;
	case VIZ_NOISE_XX:
		return &xx;
	case VIZ_NOISE_NN:
		return &nn;
	}
	VIZ_REQUIRE(false); /* not of the enum */
	return NULL;
}

bool viz_noise_pattern_has_static(const struct viz_noise_script *script, bool initiator)
{
	if (initiator ? script->pre_initiator : script->pre_responder)
		return true;
	for (unsigned m = initiator ? 0 : 1; m < script->messages; m += 2)
		for (size_t i = 0; script->tokens[m][i] != VIZ_NOISE_END; i++)
			if (script->tokens[m][i] == VIZ_NOISE_S)
				return true;
	return false;
}

void viz_noise_pattern_name(char out[VIZ_NOISE_NAME_MAX], const struct viz_noise_script *script,
			    enum viz_noise_hash hash, bool psk, unsigned psk_at)
{
	const char *hash_name = hash == VIZ_NOISE_SHA256 ? "SHA256" : "BLAKE2b";
	char modifier[8] = "";

	if (psk)
		snprintf(modifier, sizeof modifier, "psk%u", psk_at % 10);
	snprintf(out, VIZ_NOISE_NAME_MAX, "Noise_%s%s_25519_ChaChaPoly_%s", script->name, modifier,
		 hash_name);
}

void viz_noise_pattern_tokens(enum viz_noise_token out[VIZ_NOISE_TOKENS_MAX],
			      const struct viz_noise_script *script, unsigned index, bool psk,
			      unsigned psk_at)
{
	size_t n = 0;

	if (psk && psk_at == 0 && index == 0)
		out[n++] = VIZ_NOISE_PSK;
	for (size_t i = 0; script->tokens[index][i] != VIZ_NOISE_END; i++)
		out[n++] = script->tokens[index][i];
	if (psk && psk_at == index + 1)
		out[n++] = VIZ_NOISE_PSK;
	out[n] = VIZ_NOISE_END;
}
