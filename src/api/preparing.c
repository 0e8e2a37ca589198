#include "api/preparing.h"

#include <stdlib.h>
#include <string.h>

#include "api/context_values.h"
#include "api/views.h"
#include "base/text.h"
#include "html/html.h"
#include "template/template.h"

/* Three texts, each with as many unknown tokens as are told, and what is said of the whole. */
enum { TEXTS = 3, UNKNOWN_MOST = TEXTS * DICTIONARY_UNKNOWN_MOST, REMARKS_MOST = UNKNOWN_MOST + 8 };

void preparing_remark(struct preparing *preparing, const char *token, const char *message)
{
    struct list *remarks = &preparing->prepared.remarks;
    for (size_t i = 0; i < remarks->count; i++)
        if (*token && text_equal(preparing->remarks[i].token, token))
            return;
    preparing->remarks[remarks->count++] = (struct prepare_remark){token, message};
}

static bool check_names(struct preparation *asked, struct error *error)
{
    if (asked->context_uid && asked->context_id &&
        !text_equal(asked->context_uid, asked->context_id))
        return fail(error, ERROR_INVALID, "context_id", "is another name of context_uid: give one");
    asked->context_uid = text_or(asked->context_uid, asked->context_id);
    if (asked->context_uid && !asked->context_type)
        return fail(error, ERROR_INVALID, "context_type", "is required with context_uid");
    return asked->mode != PREPARE_TEMPLATE || asked->template_id ||
           fail(error, ERROR_INVALID, "template_uid", "is required in the mode template");
}

/* The two bodies belong together: the HTML of a template does not say what a text of the caller's
 * says. */
static bool take_template(struct preparing *preparing, struct error *error)
{
    struct request *request = preparing->request;
    struct preparation *asked = &preparing->asked;
    struct template template;
    if (!asked->template_id)
        return true;
    if (!template_store_find(request_reading(request), &request->viewer, asked->template_id,
                             request->arena, &template, error))
        return false;
    if (!asked->subject)
        asked->subject = template.subject;
    if (!asked->body_text && !asked->body_html) {
        asked->body_text = template.body_text;
        asked->body_html = template.body_html;
    }
    return true;
}

static const struct field_value *find_value(const struct list *values, const char *token)
{
    const struct field_value *value = values->items;
    for (size_t i = 0; i < values->count; i++)
        if (text_equal(value[i].token, token))
            return &value[i];
    return NULL;
}

static int compare_tokens(const void *key, const void *item)
{
    const struct field_value *one = key, *other = item;
    return strcmp(one->token, other->token);
}

static void choose_locale(struct preparing *preparing)
{
    const struct field_value *value = find_value(&preparing->values, "locale");
    preparing->locale = text_or(preparing->asked.locale, value ? value->text : NULL);
}

static bool take_values(struct preparing *preparing, struct error *error)
{
    struct request *request = preparing->request;
    const struct preparation *asked = &preparing->asked;
    struct list given = {0}, kept;
    struct bytes fields = {asked->fields, strlen(text_or(asked->fields, ""))};
    if ((fields.size && !context_values_read(fields, "fields", request->arena, &given, error)) ||
        !context_values_find(request, asked->context_type, asked->context_uid, &kept, error))
        return false;
    preparing->values = context_values_typed(&given, &kept, request->arena);
    choose_locale(preparing);
    return true;
}

/* NULL stays NULL. */
static bool fill(const struct preparing *preparing, const char *text, enum template_form form,
                 const char **ret_text, struct list *ret_unknown, struct error *error)
{
    *ret_text = NULL;
    *ret_unknown = (struct list){0};
    return !text || template_fill(text, form, &preparing->values, preparing->locale,
                                  preparing->request->arena, ret_text, ret_unknown, error);
}

struct filled {
    const char *subject, *body_text, *body_html;
    struct list unknown[TEXTS]; /* of const char *; of each text */
};

static bool fill_all(const struct preparing *preparing, struct filled *ret_filled,
                     struct error *error)
{
    const struct preparation *asked = &preparing->asked;
    return fill(preparing, asked->subject, TEMPLATE_SUBJECT, &ret_filled->subject,
                &ret_filled->unknown[0], error) &&
           fill(preparing, asked->body_text, TEMPLATE_TEXT, &ret_filled->body_text,
                &ret_filled->unknown[1], error) &&
           fill(preparing, asked->body_html, TEMPLATE_HTML, &ret_filled->body_html,
                &ret_filled->unknown[2], error);
}

/* What a mail could not be made of. */
static bool check_html(const char *html, struct error *error)
{
    struct error why;
    return !html || html_check(html, &why) ||
           fail(error, why.code == ERROR_UNAVAILABLE ? why.code : ERROR_INVALID, "body_html",
                "%s for a mail", why.message);
}

bool preparing_fill(struct preparing *preparing, struct error *error)
{
    struct prepared *prepared = &preparing->prepared;
    struct filled filled;
    if (!fill_all(preparing, &filled, error) || !check_html(filled.body_html, error))
        return false;
    prepared->subject = filled.subject;
    prepared->body_text = filled.body_text;
    prepared->body_html = filled.body_html;
    for (size_t text = 0; text < TEXTS; text++) {
        const char *const *names = filled.unknown[text].items;
        for (size_t i = 0; i < filled.unknown[text].count; i++)
            preparing_remark(preparing, names[i],
                             *names[i] == '{'
                                 ? "is no token: write {name}, without spaces, or {{ name }}"
                                 : "has no value: neither in the context nor in fields");
    }
    if (prepared->subject && strlen(prepared->subject) > SUBJECT_BYTES)
        preparing_remark(preparing, "",
                         arena_format(preparing->request->arena,
                                      "the subject is %zu bytes long; a mail's has at most %d",
                                      strlen(prepared->subject), SUBJECT_BYTES));
    return true;
}

/* By the context's own value, by what other contexts of the kind have, or by the name alone. */
static enum field_type type_of(const char *token, const struct list *values,
                               const struct list *known)
{
    const struct field_value *value = find_value(values, token);
    if (!value && known->count)
        value = bsearch(&(struct field_value){.token = token}, known->items, known->count,
                        sizeof *value, compare_tokens);
    return value ? value->type : field_value_type_of_name(token);
}

bool preparing_take_samples(struct preparing *preparing, struct error *error)
{
    struct arena *arena = preparing->request->arena;
    const struct list values = preparing->values;
    struct list known = {0};
    struct filled filled;
    preparing->values = (struct list){0};
    if ((preparing->asked.context_type &&
         !context_values_known(preparing->request, preparing->asked.context_type, &known, error)) ||
        !fill_all(preparing, &filled, error)) /* without any value: names all tokens */
        return false;
    struct field_value *samples = arena_new(arena, struct field_value, UNKNOWN_MOST);
    size_t count = 0;
    for (size_t text = 0; text < TEXTS; text++) {
        const char *const *tokens = filled.unknown[text].items;
        for (size_t i = 0; i < filled.unknown[text].count; i++) {
            if (*tokens[i] == '{')
                continue; /* nearly a token */
            enum field_type type = type_of(tokens[i], &values, &known);
            samples[count++] = (struct field_value){
                .token = tokens[i],
                .type = type,
                .text = field_value_sample(tokens[i], type, arena),
            };
        }
    }
    preparing->values = (struct list){samples, count};
    return true;
}

bool preparing_begin(struct request *request, struct preparing *preparing, struct error *error)
{
    *preparing = (struct preparing){.request = request};
    if (!request_read(request, &preparing->asked, NULL, error) ||
        !check_names(&preparing->asked, error) || !take_template(preparing, error) ||
        !take_values(preparing, error))
        return false;
    preparing->remarks = arena_new(request->arena, struct prepare_remark, REMARKS_MOST);
    preparing->prepared.mode = preparing->asked.mode;
    preparing->prepared.remarks.items = preparing->remarks;
    return true;
}
