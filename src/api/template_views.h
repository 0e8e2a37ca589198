/* template_views.h - templates, the values of their tokens, and what is made of both, as the email
 * family shows them; inside this room. */
#pragma once
#include "api/request.h"
#include "model/template.h"
#include "store/template_store.h"

enum {
    TEMPLATE_BODY_BYTES = 256 * 1024,
    CONTEXT_VALUES_BYTES = 256 * 1024,
};

/* templates */
struct template_query {
    int64_t page, per_page;
    const char *context_type;
};
extern const struct schema TEMPLATE_VIEW, TEMPLATE_PAGE, TEMPLATE_QUERY;

/* prepare, preview */
enum prepare_mode { PREPARE_DYNAMIC, PREPARE_TEMPLATE, PREPARE_INFERENCE };
enum preview_mode { PREVIEW_LIVE, PREVIEW_SAMPLE };
struct preparation { /* what is asked for */
    const char *context_type, *context_uid, *context_id;
    const char *subject, *body_text, *body_html;
    const char *template_id;
    enum prepare_mode mode;
    enum preview_mode preview_mode;
    const char *fields; /* a flat JSON object */
    const char *locale;
};
struct prepare_remark {
    const char *token; /* "": of the text as a whole */
    const char *message;
};
struct prepared {
    const char *subject, *body_text, *body_html;
    enum prepare_mode mode;
    struct list remarks; /* of struct prepare_remark */
};
extern const struct schema PREPARATION, PREVIEW, PREPARED;

/* contexts, dynamic-fields */
struct dynamic_fields {
    struct list fields; /* of struct field_value */
};
struct dynamic_fields_query {
    const char *context_type;
};
extern const struct schema DYNAMIC_FIELDS, DYNAMIC_FIELDS_QUERY;
/* An object whose members no table knows; see context_values.h. */
extern const struct schema CONTEXT_VALUES;
