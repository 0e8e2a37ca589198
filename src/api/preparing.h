/* preparing.h - texts with tokens become texts without; inside this room. Nothing is stored, and
 * nothing is sent. */
#pragma once
#include "api/template_views.h"
#include "template/dictionary.h"

struct preparing {
    struct request *request;
    struct preparation asked;
    struct list values; /* of struct field_value: what the tokens stand for */
    const char *locale; /* or NULL */
    struct prepared prepared;
    struct prepare_remark *remarks; /* of prepared */
};

/* Reads the request; takes what a template gives, and the values: the request's before those of
 * its context. A context that is not kept has none. */
bool preparing_begin(struct request *request, struct preparing *preparing, struct error *error);

/* Instead of the values: one made up for each token. */
bool preparing_take_samples(struct preparing *preparing, struct error *error);

/* Fills the texts; remarks on tokens without a value. */
bool preparing_fill(struct preparing *preparing, struct error *error);

/* Once for each token; "" is the text as a whole. */
void preparing_remark(struct preparing *preparing, const char *token, const char *message);
