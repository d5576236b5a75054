/* What looks like a person's: telephone, e-mail, CPF or CNPJ. A text that leaves this node, or that
 * outlives the person's data here, has none of these: they have fields of their own. */
#ifndef VIZ_PROTO_PERSONAL_H
#define VIZ_PROTO_PERSONAL_H

#include "proto/base.h"

enum viz_personal {
	VIZ_PERSONAL_NONE = 0,
	VIZ_PERSONAL_EMAIL,
	VIZ_PERSONAL_PHONE, /* of Brazil with or without its area code, or with "+" */
	VIZ_PERSONAL_CPF,
	VIZ_PERSONAL_CNPJ, /* with letters too (IN RFB 2.229/2024) */
};

/* The first such thing in `text`. A bare row of digits is a CPF or a CNPJ when its check digits are
 * right, and a telephone when it has a known area code and the form of a number of it; a bare 8
 * digits are a date or a postcode, and are let pass. */
enum viz_personal viz_personal_find(const char *text);

/* "phone", "email", "cpf", "cnpj"; NULL for none. */
const char *viz_personal_name(enum viz_personal what);

#endif
