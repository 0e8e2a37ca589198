#include "options.h"

#include <string.h>

#include "base/text.h"

enum { COLUMN = 26 };

const char *option_name(const struct field *field, struct arena *arena)
{
    char *name = arena_format(arena, "--%s", field->name);
    for (char *at = name; *at; at++)
        if (*at == '_')
            *at = '-';
    return name;
}

static bool find(const struct option_table *tables, const char *name, struct option *option)
{
    for (; tables->fields; tables++) {
        option->field = typed_find(tables->fields, name);
        option->object = tables->object;
        if (option->field)
            return true;
    }
    return false;
}

static bool take_value(struct options *options, const char *equals, struct option *option,
                       struct error *error)
{
    if (equals)
        option->text = equals + 1;
    else if (option->field->kind == KIND_BOOL)
        option->text = "true";
    else
        option->text = options->arguments[options->next];
    if (!option->text)
        return fail(error, ERROR_INVALID, "", "%s needs a value", option->name);
    if (!equals && option->field->kind != KIND_BOOL)
        options->next++;
    return true;
}

bool options_next(struct options *options, struct arena *arena, struct option *ret_option,
                  struct error *error)
{
    const char *argument = options->arguments[options->next];
    struct option option = {.text = argument};
    if (argument && !options->only_words && text_equal(argument, "--")) {
        options->only_words = true;
        option.text = argument = options->arguments[++options->next];
    }
    if (argument)
        options->next++;
    if (!argument || options->only_words || argument[0] != '-' || !argument[1]) {
        *ret_option = option;
        return true;
    }
    if (text_equal(argument, "-h"))
        argument = "--help";
    const char *equals = strchr(argument, '=');
    size_t size = equals ? (size_t)(equals - argument) : strlen(argument);
    option.name = arena_copy_bytes(arena, argument, size);
    if (!text_starts(option.name, "--") || !find(options->tables, option.name + 2, &option))
        return fail(error, ERROR_INVALID, "", "there is no option %s", option.name);
    if (!take_value(options, equals, &option, error))
        return false;
    *ret_option = option;
    return true;
}

bool option_read(const struct option *option, struct arena *arena, struct error *error)
{
    if (typed_read(option->field, option->text, arena, option->object, error))
        return true;
    return fail(error, ERROR_INVALID, "", "%s %s", option->name, error->message);
}

static bool is_given(const struct field *field, const void *object)
{
    const void *member = (const char *)object + field->offset;
    if (field->kind == KIND_LIST)
        return ((const struct list *)member)->count;
    return field->kind != KIND_TEXT || *(const char *const *)member;
}

bool options_check(const struct field *fields, const void *object, struct arena *arena,
                   struct error *error)
{
    for (const struct field *field = fields; field->name; field++)
        if (field->use & REQUIRED && !is_given(field, object))
            return fail(error, ERROR_INVALID, "", "%s is needed", option_name(field, arena));
    return true;
}

void options_print(const struct field *fields, FILE *out)
{
    AUTO_ARENA arena = arena_create();
    for (const struct field *field = fields; field->name; field++) {
        const char *name = option_name(field, arena);
        bool must = field->use & REQUIRED && !field->preset;
        fprintf(out, "  %-*s %s%s", COLUMN, name, must ? "(required) " : "",
                text_or(field->about, ""));
        if (field->preset)
            fprintf(out, " [%s]", field->preset);
        fputc('\n', out);
    }
}
