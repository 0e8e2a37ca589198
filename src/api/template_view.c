#include "api/template_views.h"

#include "api/spelling.h"
#include "api/views.h"
#include "template/field_value.h"

enum { NAME_BYTES = 255, LOCALE_BYTES = 35 };

static const char *const PREPARE_MODE_NAMES[] = {"dynamic", "template", "inference", NULL};
static const char *const PREVIEW_MODE_NAMES[] = {"live", "sample", NULL};

/* clang-format off */
#define BOTH CREATE | UPDATE | SHOWN

static const struct field TEMPLATE_FIELDS[] = {
    FIELD(struct template, id, .json = "uid", .use = SHOWN | NOT_NULL, .spelling = &UUID),
    FIELD(struct template, name, .use = BOTH | REQUIRED | NOT_NULL, .max = NAME_BYTES,
          .spelling = &PLAIN, .example = "\"Payment reminder\""),
    FIELD(struct template, subject, .use = BOTH, .max = SUBJECT_BYTES, .spelling = &ONE_LINE,
          .example = "\"Regarding Invoice {invoice_number}\""),
    FIELD(struct template, body_text, .use = BOTH, .max = TEMPLATE_BODY_BYTES,
          .example = "\"Dear {customer_name},\\n\""),
    FIELD(struct template, body_html, .use = BOTH, .max = TEMPLATE_BODY_BYTES),
    FIELD(struct template, context_type, .use = BOTH, .max = CONTEXT_BYTES, .spelling = &PLAIN,
          .example = "\"invoice\""),
    FIELD(struct template, version, .use = SHOWN, .about = "counts the changes; the same as the ETag"),
    FIELD(struct template, created_at, .use = SHOWN | NOT_NULL, .spelling = &TO_THE_SECOND),
    FIELD(struct template, updated_at, .use = SHOWN | NOT_NULL, .spelling = &TO_THE_SECOND),
    {0},
};
const struct schema TEMPLATE_VIEW = VIEW(struct template, TEMPLATE_FIELDS, "Template");

static const struct field TEMPLATE_PAGE_FIELDS[] = {
    FIELD(struct template_page, items, .use = SHOWN, .items = &TEMPLATE_VIEW),
    FIELD(struct template_page, count, .use = SHOWN, .about = "of all pages"),
    {0},
};
const struct schema TEMPLATE_PAGE =
    VIEW(struct template_page, TEMPLATE_PAGE_FIELDS, "TemplatePage");

static const struct field TEMPLATE_QUERY_FIELDS[] = {
    FIELD(struct template_query, page, .min = 1, .max = 10000000, .preset = "1",
          .about = "which one; 1 is the first"),
    FIELD(struct template_query, per_page, .min = 1, .max = 100, .preset = "20",
          .about = "how many on a page"),
    FIELD(struct template_query, context_type, .max = CONTEXT_BYTES),
    {0},
};
const struct schema TEMPLATE_QUERY = SCHEMA(struct template_query, TEMPLATE_QUERY_FIELDS);

#define ASKED(member, ...) FIELD(struct preparation, member, .use = CREATE, __VA_ARGS__)
#define PREPARATION_FIELDS \
    ASKED(context_type, .max = CONTEXT_BYTES, .spelling = &PLAIN, .example = "\"invoice\""), \
    ASKED(context_uid, .max = CONTEXT_BYTES, .spelling = &PLAIN, \
          .about = "of the entity whose values the tokens take", .example = "\"2026-0042\""), \
    ASKED(context_id, .max = CONTEXT_BYTES, .spelling = &PLAIN, \
          .about = "another name of context_uid"), \
    ASKED(subject, .max = SUBJECT_BYTES, .spelling = &ONE_LINE, \
          .example = "\"Regarding Invoice {invoice_number}\""), \
    ASKED(body_text, .max = BODY_BYTES, .example = "\"Dear {customer_name},\\n\""), \
    ASKED(body_html, .max = BODY_BYTES), \
    ASKED(template_id, .json = "template_uid", .max = ID_BYTES, .spelling = &UUID, \
          .about = "gives the subject where there is none here, and the bodies where none is"), \
    NAME_FIELD(struct preparation, mode, PREPARE_MODE_NAMES, .use = CREATE, \
          .about = "template: template_uid must be there; inference: the language model of this " \
                   "server completes the text"), \
    FIELD(struct preparation, fields, .use = CREATE | JSON_TEXT, .max = CONTEXT_VALUES_BYTES, \
          .about = "values by token, before those of the context", \
          .example = "{\"customer_name\": \"Zoe\", \"total\": \"1234.50 EUR\"}"), \
    ASKED(locale, .max = LOCALE_BYTES, .spelling = &PLAIN, \
          .about = "how dates, numbers and money are written; otherwise the value of the token " \
                   "locale, else en", .example = "\"de-CH\"")

static const struct field PREPARE_FIELDS[] = {PREPARATION_FIELDS, {0}};
const struct schema PREPARATION = VIEW(struct preparation, PREPARE_FIELDS, "Preparation");

static const struct field PREVIEW_FIELDS[] = {
    PREPARATION_FIELDS,
    NAME_FIELD(struct preparation, preview_mode, PREVIEW_MODE_NAMES, .use = CREATE,
          .about = "sample: every token has a value made up for its type"),
    {0},
};
const struct schema PREVIEW = VIEW(struct preparation, PREVIEW_FIELDS, "Preview");

static const struct field REMARK_FIELDS[] = {
    FIELD(struct prepare_remark, token, .use = SHOWN | NOT_NULL,
          .about = "which one has no value; empty: it is about the text as a whole"),
    FIELD(struct prepare_remark, message, .use = SHOWN | NOT_NULL),
    {0},
};
static const struct schema REMARK = VIEW(struct prepare_remark, REMARK_FIELDS, "PreparationRemark");

static const struct field PREPARED_FIELDS[] = {
    FIELD(struct prepared, subject, .use = SHOWN),
    FIELD(struct prepared, body_text, .use = SHOWN),
    FIELD(struct prepared, body_html, .use = SHOWN),
    NAME_FIELD(struct prepared, mode, PREPARE_MODE_NAMES, .use = SHOWN),
    FIELD(struct prepared, remarks, .json = "errors", .use = SHOWN, .items = &REMARK),
    {0},
};
const struct schema PREPARED = VIEW(struct prepared, PREPARED_FIELDS, "Prepared");

static const struct field DYNAMIC_FIELD_FIELDS[] = {
    FIELD(struct field_value, token, .use = SHOWN | NOT_NULL),
    FIELD(struct field_value, label, .use = SHOWN | NOT_NULL),
    NAME_FIELD(struct field_value, type, FIELD_TYPE_NAMES, .use = SHOWN),
    {0},
};
static const struct schema DYNAMIC_FIELD =
    VIEW(struct field_value, DYNAMIC_FIELD_FIELDS, "DynamicField");

static const struct field DYNAMIC_FIELDS_FIELDS[] = {
    FIELD(struct dynamic_fields, fields, .use = SHOWN, .items = &DYNAMIC_FIELD),
    {0},
};
const struct schema DYNAMIC_FIELDS =
    VIEW(struct dynamic_fields, DYNAMIC_FIELDS_FIELDS, "DynamicFieldList");

static const struct field DYNAMIC_FIELDS_QUERY_FIELDS[] = {
    FIELD(struct dynamic_fields_query, context_type, .use = REQUIRED, .max = CONTEXT_BYTES,
          .example = "\"invoice\""),
    {0},
};
const struct schema DYNAMIC_FIELDS_QUERY =
    SCHEMA(struct dynamic_fields_query, DYNAMIC_FIELDS_QUERY_FIELDS);

static const struct field CONTEXT_VALUES_FIELDS[] = {{0}};
const struct schema CONTEXT_VALUES =
    {.name = "values", .fields = CONTEXT_VALUES_FIELDS, .title = "ContextValues", .is_flat = true};
/* clang-format on */
