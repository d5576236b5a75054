/* Who serves a place: lead.lookup of the daemon, and its result for people. */
#ifndef VIZ_TOOLS_VIZINHO_LOOKUP_H
#define VIZ_TOOLS_VIZINHO_LOOKUP_H

#include "tools/vizinho/where.h"

struct viz_lookup {
	struct viz_place place; /* zero when the caller gave the daemon's form */
	json_t *place_json;     /* owned */
	json_t *result;         /* owned: own, partners, members, consent */
	json_t *wish;           /* {service, month} for the texts of a draw, or NULL; borrowed */
};

/* How the coverage of this partner met the place, and how sure that is, in words. Borrowed. */
const char *viz_lookup_found(const struct viz_cli *cli, const json_t *partner);
/* A name that does not say its state is meant in the one in which we serve most municipalities. */
void viz_lookup_home(struct viz_where *where);
/* A place in words. `strike`: an array of names, or NULL; borrowed. Errors are printed. */
int viz_lookup_text(struct viz_lookup *l, const struct viz_cli *cli, const char *text,
		    const json_t *strike);
/* A place in the daemon's form; borrowed. */
int viz_lookup_json(struct viz_lookup *l, const struct viz_cli *cli, const json_t *place,
		    const json_t *strike);
/* Makes a draw for the place, before names are read to a customer. On failure the lookup is as it
 * was. */
int viz_lookup_draw(struct viz_lookup *l, const struct viz_cli *cli);
/* The draw's number; 0: none was made, because nobody serves the place. */
int64_t viz_lookup_number(const struct viz_lookup *l);
/* The draw `number` again, with these struck (NULL: nobody). */
int viz_lookup_again(struct viz_lookup *l, const struct viz_cli *cli, int64_t number,
		     const json_t *strike);
void viz_lookup_free(struct viz_lookup *l);

/* "yes", "analysis", "no": of our own coverage. */
const char *viz_lookup_own(const struct viz_lookup *l);
/* Partners that are drawn, or would be now, and not struck. */
size_t viz_lookup_asked(const struct viz_lookup *l);
/* Those that are drawn, struck or not: the first in the list. */
size_t viz_lookup_drawn(const struct viz_lookup *l);

void viz_lookup_print_json(const struct viz_lookup *l); /* JSON */
void viz_lookup_print_own(const struct viz_cli *cli, const struct viz_lookup *l);
void viz_lookup_print_partners(const struct viz_cli *cli, const struct viz_lookup *l);
/* The members that serve the place and are no partners, each with its standing. */
void viz_lookup_print_members(const struct viz_cli *cli, const json_t *members);

#endif
