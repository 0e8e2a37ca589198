/* shape.h - a view as one side sees it: what a reply shows, what making takes, what changing takes.
 *
 * For those who describe the views to others: OpenAPI and the page of /docs; inside this room.
 * The rules are those of json/json.h. */
#pragma once
#include "base/arena.h"
#include "base/schema.h"

struct shape {
    const struct schema *view;
    unsigned use; /* SHOWN, CREATE or UPDATE */
    bool is_new;  /* of input: what is REQUIRED must be there */
    bool is_form; /* of input: nothing in it can be null */
};

enum role {
    ROLE_NONE,    /* not in this shape, or another field with this key is */
    ROLE_PART,    /* taken, or shown */
    ROLE_IGNORED, /* shown in replies: may be sent back, and is not looked at */
};

struct shape shape_of_reply(const struct schema *view);
struct shape shape_of_body(const struct schema *view, const char *method);
struct shape shape_of_form(const struct schema *view);
/* What a list holds, or an object nests. */
struct shape shape_inside(const struct shape *shape, const struct field *field);

enum role shape_role(const struct shape *shape, const struct field *field);
/* Whether the key is always there. */
bool shape_has_always(const struct shape *shape, const struct field *field);
bool shape_may_be_null(const struct shape *shape, const struct field *field);
/* Of a list: its items come as objects; as text. Both may hold of input. */
bool shape_has_objects(const struct shape *shape, const struct field *field);
bool shape_has_texts(const struct shape *shape, const struct field *field);
/* Of anything else: it comes as text by its spelling. */
bool shape_is_spelled(const struct shape *shape, const struct field *field);

bool shape_is_empty(const struct shape *shape);      /* has no part */
bool shape_needs_nothing(const struct shape *shape); /* {} fits */
/* What OpenAPI calls it: the view's title, of input with what it is for. NULL: it has no title. */
const char *shape_title(const struct shape *shape, struct arena *arena);
