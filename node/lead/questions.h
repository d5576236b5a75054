/* What partners ask the origin about an offer: key, view, evidence, location, hand-off. */
#ifndef VIZ_NODE_LEAD_QUESTIONS_H
#define VIZ_NODE_LEAD_QUESTIONS_H

#include "proto/base.h"

struct viz_id;
struct viz_net;
struct viz_reader;
struct viz_writer;

void viz_lead_offer_key_asked(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

void viz_lead_location_asked(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

bool viz_lead_compose_location(struct viz_net *net, struct viz_writer *w, uint64_t slot,
			       const struct viz_id *to);

bool viz_lead_compose_handoff(struct viz_net *net, struct viz_writer *w, uint64_t slot,
			      const struct viz_id *to);

void viz_lead_view_asked(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

void viz_lead_evidence_asked(struct viz_net *net, const struct viz_id *from, struct viz_reader *r);

#endif
