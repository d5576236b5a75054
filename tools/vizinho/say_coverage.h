/* Texts of `coverage`, `plan` and `geo`. Part of say.h's table. */
#ifndef VIZ_TOOLS_VIZINHO_SAY_COVERAGE_H
#define VIZ_TOOLS_VIZINHO_SAY_COVERAGE_H

#define VIZ_SAY_COVERAGE(X)                                                                             \
	X(YES, "sim", "yes")                                                                            \
	X(NO, "não", "no")                                                                              \
	X(NO_GAZETTEER,                                                                                 \
	  "Não há o mapa dos municípios (gazetteer.bin: %s). $VIZINHO_GAZETTEER diz onde está.",        \
	  "There is no map of the municipalities (gazetteer.bin: %s). $VIZINHO_GAZETTEER says "         \
	  "where it is.")                                                                               \
	X(BAD_POINTS, "%s está danificado: `vizinho geo import` o faz de novo.",                        \
	  "%s is damaged: `vizinho geo import` makes it again.")                                        \
	X(PLACE, "%s/%s%s (%s%s; %s)", "%s/%s%s (%s%s; %s)")                                            \
	X(ASK_ADDRESS, "Endereço (CEP, município/UF, coordenada ou link de mapa):",                     \
	  "Address (postcode, municipality/UF, coordinates or a maps link):")                           \
	X(OWN_YES, "Nós: VIÁVEL. O ponto está dentro da nossa planta.",                                 \
	  "We: YES. The point is inside our plant.")                                                    \
	X(OWN_YES_CEP, "Nós: VIÁVEL. O CEP inteiro está na nossa cobertura.",                           \
	  "We: YES. The whole postcode is in our coverage.")                                            \
	X(OWN_NEAR, "Nós: EM ANÁLISE. O ponto está perto da borda da planta: o técnico confirma.",      \
	  "We: IN ANALYSIS. The point is near the plant's edge: a technician confirms.")                \
	X(OWN_VAGUE,                                                                                    \
	  "Nós: EM ANÁLISE. Atendemos o município ou o CEP, mas só um ponto exato decide (peça a " \
	  "localização pelo WhatsApp).",                                                                \
	  "We: IN ANALYSIS. We serve the municipality or the postcode, but only an exact point "        \
	  "decides (ask for the location by WhatsApp).")                                                \
	X(OWN_NO, "Nós: INVIÁVEL. O ponto está fora da nossa planta, a mais de 150 m.",                 \
	  "We: NO. The point is outside our plant by more than 150 m.")                                 \
	X(OWN_NO_TOWN, "Nós: INVIÁVEL. Nem o município nem o CEP estão na nossa cobertura.",            \
	  "We: NO. Neither the municipality nor the postcode is in our coverage.")                      \
	X(HEAD_REMARK, "OBSERVAÇÃO", "REMARK")                                                          \
	X(NO_PARTNERS, "Nenhum parceiro atende este lugar.", "No partner serves this place.")           \
	X(PARTNERS_SERVE, "Parceiros que atendem a região:", "Partners that serve the area:")           \
	X(REMARK_BLOCKED, "bloqueado por nós", "blocked by us")                                         \
	X(REMARK_STRUCK, "riscado pelo cliente", "struck by the customer")                              \
	X(REMARK_NONE, "-", "-")                                                                        \
	X(MEMBER_SERVES,                                                                                \
	  "%s também atende, e ainda não é parceiro: `vizinho peer trust` resolve.",                    \
	  "%s serves it too, and is no partner yet: `vizinho peer trust` changes that.")                \
	X(MEMBER_STANDS, "%s também atende: %s.", "%s serves it too: %s.")                              \
	X(OWN_NONE,                                                                                     \
	  "Nós: INVIÁVEL. Ainda sem cobertura própria: vizinho coverage import ARQUIVO.",               \
	  "We: NO. There is no coverage of our own yet: vizinho coverage import FILE.")                 \
	X(HEAD_COVERAGE, "COBERTURA", "COVERAGE")                                                       \
	X(HEAD_TECHNOLOGY, "TECNOLOGIA", "TECHNOLOGY")                                                  \
	X(HEAD_DOWN, "MBIT/S", "MBIT/S")                                                                \
	X(HEAD_UP, "SUBIDA", "UP")                                                                      \
	X(HEAD_TOWNS, "MUNICÍPIOS", "TOWNS")                                                            \
	X(HEAD_RANGES, "FAIXAS DE CEP", "POSTCODE RANGES")                                              \
	X(HEAD_PLANT, "PLANTA (BYTES)", "PLANT (BYTES)")                                                \
	X(HEAD_PARTNER, "PARCEIRO", "PARTNER")                                                          \
	X(HEAD_ADS, "ANÚNCIOS", "ADS")                                                                  \
	X(COVERAGE_NONE, "Ainda sem cobertura própria: `vizinho coverage import ARQUIVO`.",             \
	  "No coverage of our own yet: `vizinho coverage import FILE`.")                                \
	X(COVERAGE_ONE,                                                                                 \
	  "%s: %s, até %lld Mbit/s\nplanta privada: %lld bytes; público: células: %zu, e o que "     \
	  "segue",                                                                                      \
	  "%s: %s, up to %lld Mbit/s\nprivate plant: %lld bytes; public: cells: %zu, and what "         \
	  "follows")                                                                                    \
	X(COVERAGE_WITHDRAWN, "%s: retirada. Os parceiros recebem a notícia por si.",                   \
	  "%s: withdrawn. Partners hear of it by themselves.")                                          \
	X(IMPORT_READING, "lendo %s...", "reading %s...")                                               \
	X(IMPORT_WARNING, "aviso: %s", "warning: %s")                                                   \
	X(IMPORT_MORE, "... e mais %zu.", "... and %zu more.")                                          \
	X(IMPORT_NOTHING_DONE, "Nada foi importado.", "Nothing was imported.")                          \
	X(IMPORT_TOO_MUCH, "Planta grande demais: divida-a em coberturas, ou use --zoom menor.",        \
	  "The plant is too large: split it into coverages, or use a smaller --zoom.")                  \
	X(IMPORT_SUMMARY,                                                                               \
	  "itens com cobertura: %zu; área coberta: %s\npúblico: células: %zu (zoom %u); faixas "     \
	  "de CEP: %zu; municípios: %zu",                                                               \
	  "features with coverage: %zu; area covered: %s\npublic: cells: %zu (zoom %u); postcode "      \
	  "ranges: %zu; municipalities: %zu")                                                           \
	X(IMPORT_IGNORED, "ignorado: %s", "ignored: %s")                                                \
	X(PICTURE_NONE, "  (nenhuma célula: CEPs e municípios inteiros não têm desenho)",               \
	  "  (no cells: postcodes and whole municipalities have no drawing)")                           \
	X(PICTURE_LEGEND, "azul: as células publicadas; laranja: a planta exata, que é privada",        \
	  "blue: the published cells; orange: the exact plant, which is private")                       \
	X(SVG_DONE, "%s: o desenho, com a planta exata: guarde-o como ela.",                            \
	  "%s: the drawing, with the exact plant: keep it as you keep that.")                           \
	X(SVG_FAILED, "%s: o desenho não pôde ser gravado (%s).",                                       \
	  "%s: the drawing could not be written (%s).")                                                 \
	X(SVG_NOTHING, "nada a desenhar", "nothing to draw")                                            \
	X(SVG_CANNOT, "sem permissão, sem espaço ou sem o diretório",                                   \
	  "no permission, no room or no such directory")                                                \
	X(NO_MEMORY, "memória insuficiente", "out of memory")                                           \
	X(IMPORT_DRY, "Ensaio: nada foi mudado.", "Dry run: nothing was changed.")                      \
	X(IMPORT_DONE,                                                                                  \
	  "%s: no ar. A planta exata fica neste nó; os parceiros veem só o que está acima.",            \
	  "%s: published. The exact plant stays on this node; partners see only what is above.")        \
	X(GEO_FAILED, "%s:%s %s", "%s:%s %s")                                                           \
	X(GEO_DONE, "linhas: %zu; CEPs com ponto: %zu; linhas puladas: %zu; gravado em %s",             \
	  "rows: %zu; postcodes with a point: %zu; rows skipped: %zu; written to %s")                   \
	X(GEO_SKIPPED, "  %zu: %s (linhas %s)", "  %zu: %s (lines %s)")                                 \
	X(HEAD_PLAN, "PLANO", "PLAN")                                                                   \
	X(HEAD_PRICE, "PREÇO", "PRICE")                                                                 \
	X(HEAD_DAYS, "DIAS", "DAYS")                                                                    \
	X(HEAD_URL, "PÁGINA", "PAGE")                                                                   \
	X(PLAN_ADDED, "%s: nas próximas propostas.", "%s: in the next proposals.")                      \
	X(PLAN_NONE, "Ainda sem planos: sem eles, as propostas vão vazias (`vizinho plan add`).",       \
	  "No plans yet: without any, proposals are empty (`vizinho plan add`).")                       \
	X(PLAN_REMOVED, "%s: retirado.", "%s: removed.")

#endif
