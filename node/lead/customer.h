/* Links by which a customer acts: a token, which we give once and keep as a hash, opens one lead;
 * or a cancellation and a place of which a lead can come, when the customer agrees.
 * VIZ_TABLE_CUSTOMER_LINK: hash of the token -> a row. */
#ifndef VIZ_NODE_LEAD_CUSTOMER_H
#define VIZ_NODE_LEAD_CUSTOMER_H

#include "proto/base.h"

#define VIZ_CUSTOMER_TOKEN_BYTES 16
#define VIZ_CUSTOMER_TOKEN_CHARS 26 /* base32, lower case, without padding */
#define VIZ_CUSTOMER_ID_CHARS    10 /* how we call a link: base32 of the hash */
#define VIZ_CUSTOMER_NAME_MAX    40 /* bytes of the first name that the page greets */
#define VIZ_CUSTOMER_DAYS        7  /* until the customer must have acted, when not said */
#define VIZ_CUSTOMER_DAYS_MAX    30

#endif
