/* json_parse.h - takes a JSON text apart, or says where it is none.
 *
 * For this room only: yajl shows in json_parse.c and nowhere else. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "json/json_tree.h"

/* An object or an array, in the arena. Errors name line and column, and nothing of the text
 * itself: it may be somebody's mail. */
bool json_parse(struct bytes text, struct arena *arena, struct json **ret_json,
                struct error *error);
