/* config_spelling.h - how the settings are spelled that only config.c has. */
#pragma once
#include "base/schema.h"

extern const struct spelling NETWORKS_SPELLING; /* addresses and networks (http/ip_address.h) */
extern const struct spelling ORIGINS_SPELLING;  /* of pages: kept as browsers write them; or * */
extern const struct spelling PAUSES_SPELLING;   /* see config_pauses */
extern const struct spelling BASE_SPELLING;     /* a URL; a slash at its end means nothing */
extern const struct spelling GMAIL_SPELLING, GRAPH_SPELLING; /* the same, of these two APIs */
