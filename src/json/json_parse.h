/* json_parse.h - a JSON text as jansson's tree, and an error that says where it is none.
 *
 * For this room only: jansson shows here and nowhere else. */
#pragma once
#include <jansson.h>

#include "base/arena.h"
#include "base/error.h"

void json_cleanup(json_t **json);
#define AUTO_JSON __attribute__((cleanup(json_cleanup))) json_t *

/* An object or an array; the caller's to release. Errors name line and column, and nothing of
 * the text itself: it may be somebody's mail. */
bool json_parse(struct bytes text, json_t **ret_json, struct error *error);
