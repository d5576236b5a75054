/* The known word that a person may have meant, who typed an unknown one. */
#ifndef VIZ_NODE_HOST_SPELLING_H
#define VIZ_NODE_HOST_SPELLING_H

#define VIZ_SPELLING_MAX 64 /* a longer word is like no other */

struct viz_host_spelling {
	const char *word;    /* what was typed; borrowed */
	const char *nearest; /* NULL: no known word is like it; borrowed from the call of `known` */
	unsigned distance;
};

struct viz_host_spelling viz_host_spelling_of(const char *word);
/* Compares it with a known word, and keeps the nearest one. A known word is near when at most one
 * in three of its letters is wrong, or when the typed word is how it begins. */
void viz_host_spelling_known(struct viz_host_spelling *s, const char *known);

#endif
