/* What follows when the store was damaged and made anew of what is right (store/salvage.h). */
#ifndef VIZ_NODE_SELF_SALVAGED_H
#define VIZ_NODE_SELF_SALVAGED_H

struct viz_trust;

/* At a start: names each lead that is lost or in doubt to the operator, and begins quarantine when
 * something that we have signed may be lost. Once for each damage: META's "salvage" goes. */
void viz_salvaged_tell(struct viz_trust *trust);

#endif
