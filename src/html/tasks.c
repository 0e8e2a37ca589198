#include "html/tasks.h"

#include <string.h>

#include "base/text.h"
#include "parser/parser.h"

enum { FORM_BYTES = 64 }; /* of an answer, beside its text */
enum { NAME_BYTES_MAX = 8 * 1024 };

struct page {
    const char *text;
};
static const struct field PAGE_FIELDS[] = {
    FIELD(struct page, text, .use = REQUIRED, .max = HTML_TEXT_BYTES_MAX),
    {0},
};
static const struct schema PAGE_FORM = SCHEMA(struct page, PAGE_FIELDS);

/* A page with what came along with it. */
struct pages {
    const char *text;
    struct list files;
};
static const struct field FILE_FIELDS[] = {
    FIELD(struct html_file, content_id, .use = REQUIRED, .max = NAME_BYTES_MAX),
    FIELD(struct html_file, location, .max = NAME_BYTES_MAX),
    FIELD(struct html_file, filename, .max = NAME_BYTES_MAX),
    {0},
};
static const struct schema FILE_FORM = SCHEMA(struct html_file, FILE_FIELDS);
static const struct field PAGES_FIELDS[] = {
    FIELD(struct pages, text, .use = REQUIRED, .max = HTML_BYTES_MAX),
    FIELD(struct pages, files, .max = HTML_FILES_MAX, .items = &FILE_FORM),
    {0},
};
static const struct schema PAGES_FORM = SCHEMA(struct pages, PAGES_FIELDS);

static bool tasks_sanitize(const struct parser_call *call, struct arena *arena, void *ret_answered,
                           struct error *error)
{
    const struct pages *asked = call->asked;
    struct page *answered = ret_answered;
    return sanitize_run(asked->text, &asked->files, arena, &answered->text, error);
}

static bool tasks_text(const struct parser_call *call, struct arena *arena, void *ret_answered,
                       struct error *error)
{
    const struct page *asked = call->asked;
    struct page *answered = ret_answered;
    return text_run(asked->text, arena, &answered->text, error);
}

const struct parser_task HTML_SANITIZE_TASK = {
    .name = "sanitize",
    .asked = &PAGES_FORM,
    .answered = &PAGE_FORM,
    .answer_bytes_max = HTML_BYTES_MAX + FORM_BYTES,
    .run = tasks_sanitize,
};

const struct parser_task HTML_TEXT_TASK = {
    .name = "text of HTML",
    .asked = &PAGE_FORM,
    .answered = &PAGE_FORM,
    .answer_bytes_max = HTML_TEXT_BYTES_MAX + FORM_BYTES,
    .run = tasks_text,
};

struct check {
    const char *text;
    bool is_quoted;
};
static const struct field CHECK_FIELDS[] = {
    FIELD(struct check, text, .use = REQUIRED, .max = HTML_BYTES_MAX),
    FIELD(struct check, is_quoted),
    {0},
};
static const struct schema CHECK_FORM = SCHEMA(struct check, CHECK_FIELDS);
static const struct field NOTHING_FIELDS[] = {{0}};
static const struct schema NOTHING = {.name = "nothing", .size = 1, .fields = NOTHING_FIELDS};

static bool tasks_run_check(const struct parser_call *call, struct arena *arena, void *ret_answered,
                            struct error *error)
{
    const struct check *asked = call->asked;
    (void)arena, (void)ret_answered;
    return check_run(asked->text, asked->is_quoted, error);
}

const struct parser_task HTML_CHECK_TASK = {
    .name = "check of HTML",
    .asked = &CHECK_FORM,
    .answered = &NOTHING,
    .answer_bytes_max = FORM_BYTES,
    .run = tasks_run_check,
};

static bool tasks_check_size(const char *html, struct error *error)
{
    return strlen(html) <= HTML_BYTES_MAX ||
           fail(error, ERROR_TOO_LARGE, "", "has more than %d bytes", HTML_BYTES_MAX);
}

bool tasks_check(const char *html, bool is_quoted, struct error *error)
{
    const struct check asked = {html, is_quoted};
    char nothing;
    AUTO_ARENA arena = arena_create();
    return tasks_check_size(html, error) &&
           parser_run(&HTML_CHECK_TASK, &(struct parser_call){.asked = &asked}, arena, &nothing,
                      error);
}

/* What is refused for its size is not sent first. */
static bool tasks_ask(const struct parser_task *task, const char *html, const void *asked,
                      struct arena *arena, const char **ret_text, struct error *error)
{
    struct page answered = {0};
    if (!tasks_check_size(html, error) ||
        !parser_run(task, &(struct parser_call){.asked = asked}, arena, &answered, error))
        return false;
    *ret_text = answered.text;
    return true;
}

bool html_sanitize_with(const char *html, const struct list *files, struct arena *arena,
                        const char **ret_html, struct error *error)
{
    const struct pages asked = {html, *files};
    return tasks_ask(&HTML_SANITIZE_TASK, html, &asked, arena, ret_html, error);
}

bool html_sanitize(const char *html, struct arena *arena, const char **ret_html,
                   struct error *error)
{
    return html_sanitize_with(html, &(struct list){NULL, 0}, arena, ret_html, error);
}

bool html_text(const char *html, struct arena *arena, const char **ret_text, struct error *error)
{
    return tasks_ask(&HTML_TEXT_TASK, html, &(struct page){html}, arena, ret_text, error);
}
