#include "settings.h"

#include <assert.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum { LINE_SIZE = 4096 };

struct settings settings_start(const struct field *fields, void *object, struct arena *arena)
{
    size_t count = 0;
    while (fields[count].name)
        count++;
    struct settings settings = {fields, object, arena,
                                arena_new(arena, struct setting_origin, count)};
    for (size_t i = 0; i < count; i++)
        settings.origins[i].where = "default";
    typed_preset(fields, arena, object);
    return settings;
}

static bool refuse(const struct field *field, const char *where, const char *why,
                   struct error *error)
{
    return fail(error, ERROR_INVALID, "", "%s: %s %s", where, field->name, why);
}

bool settings_set(struct settings *settings, const struct field *field, const char *text,
                  struct setting_origin origin, struct error *error)
{
    struct setting_origin *held = &settings->origins[field - settings->fields];
    /* Checked in any case: a mistake that is overruled today shows itself tomorrow. */
    char scratch[64] __attribute__((aligned(8))) = {0};
    struct field alone = *field;
    alone.offset = 0;
    assert(field_size(field) <= sizeof scratch);
    if (text_has_control(text))
        return refuse(field, origin.where, "must not hold control characters", error);
    if (!typed_read(&alone, text, settings->arena, scratch, error)) {
        const struct error why = *error;
        return refuse(field, origin.where, why.message, error);
    }
    if (origin.source < held->source)
        return true;
    memcpy((char *)settings->object + field->offset, scratch, field_size(field));
    origin.is_in_file = held->is_in_file;
    *held = origin;
    return true;
}

struct file_reader { /* what the two callbacks of inih share */
    struct settings *settings;
    const char *path, *refused;
    FILE *file;
    int line;
    bool has_failed;
    struct error *error;
};

/* Counts lines, and takes the indentation away that would make a line continue the one before. */
static char *read_line(char *line, int size, void *context)
{
    struct file_reader *reader = context;
    if (reader->has_failed || !fgets(line, size, reader->file))
        return NULL;
    reader->line++;
    size_t length = strlen(line), indent = strspn(line, " \t");
    if (length + 1 == (size_t)size && line[length - 1] != '\n') {
        reader->has_failed = true;
        fail(reader->error, ERROR_INVALID, "", "%s:%d: the line is longer than %d bytes",
             reader->path, reader->line, size - 2);
        return NULL;
    }
    memmove(line, line + indent, length - indent + 1);
    return line;
}

static int set_from_file(void *context, const char *section, const char *name, const char *value)
{
    (void)section;
    struct file_reader *reader = context;
    struct settings *settings = reader->settings;
    struct error *error = reader->error;
    if (reader->has_failed)
        return 0;
    const char *where = arena_format(settings->arena, "%s:%d", reader->path, reader->line);
    const struct field *field = typed_find(settings->fields, name);
    reader->has_failed = true;
    if (!field)
        return fail(error, ERROR_INVALID, "", "%s: there is no setting %s", where, name);
    if (text_equal(field->name, reader->refused))
        return refuse(field, where, "cannot be set here", error);
    bool *is_in_file = &settings->origins[field - settings->fields].is_in_file;
    if (*is_in_file)
        return refuse(field, where, "is set twice", error);
    *is_in_file = true;
    struct setting_origin origin = {.source = SOURCE_FILE, .where = where};
    reader->has_failed = !settings_set(settings, field, value, origin, error);
    return !reader->has_failed;
}

bool settings_read_file(struct settings *settings, const char *path, const char *refused,
                        struct error *error)
{
    struct file_reader reader = {
        .settings = settings, .path = path, .refused = refused, .error = error};
    reader.file = fopen(path, "re");
    if (!reader.file)
        return errno == ENOENT || errno == ENOTDIR || fail_errno(error, path);
    ini_use_stack = false; /* the one on the stack has 200 bytes */
    ini_initial_alloc = LINE_SIZE;
    ini_stop_on_first_error = true;
    int wrong_line = ini_parse_stream(read_line, &reader, set_from_file, &reader);
    bool is_read = !ferror(reader.file) || fail_errno(error, path);
    fclose(reader.file);
    if (reader.has_failed || !is_read)
        return false;
    if (wrong_line)
        return fail(error, ERROR_INVALID, "", "%s:%d: must be name = value", path, wrong_line);
    return true;
}

/* The variable's name, which settings->arena keeps. */
static const char *variable_name(const char *prefix, const struct field *field, struct arena *arena)
{
    char *name = arena_format(arena, "%s%s", prefix, field->name);
    for (char *at = name; *at; at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - ('a' - 'A'));
    return name;
}

bool settings_read_environment(struct settings *settings, const char *prefix, struct error *error)
{
    for (const struct field *field = settings->fields; field->name; field++) {
        const char *name = variable_name(prefix, field, settings->arena);
        const char *text = getenv(name);
        struct setting_origin origin = {.source = SOURCE_ENVIRONMENT, .where = name};
        if (!text_is_empty(text) && !settings_set(settings, field, text, origin, error))
            return false;
    }
    return true;
}

static bool settings_has_variable(const struct settings *settings, const char *prefix,
                                  const char *name)
{
    AUTO_ARENA arena = arena_create();
    const struct field *field = settings->fields;
    while (field->name && !text_equal(variable_name(prefix, field, arena), name))
        field++;
    return field->name;
}

static bool settings_is_among(const char *const *names, const char *name)
{
    while (*names && !text_equal(*names, name))
        names++;
    return *names;
}

struct list settings_unknown(const struct settings *settings, const char *prefix,
                             const char *const *others, struct arena *arena)
{
    size_t most = 0, count = 0;
    while (environ[most])
        most++;
    const char **unknown = arena_new(arena, const char *, most);
    for (size_t i = 0; i < most; i++) {
        size_t size = strcspn(environ[i], "=");
        const char *name = arena_copy_bytes(arena, environ[i], size);
        if (text_starts(name, prefix) && environ[i][size] && environ[i][size + 1] &&
            !settings_is_among(others, name) && !settings_has_variable(settings, prefix, name))
            unknown[count++] = name;
    }
    return (struct list){unknown, count};
}

void settings_show(const struct settings *settings, FILE *out)
{
    AUTO_ARENA arena = arena_create();
    for (const struct field *field = settings->fields; field->name; field++) {
        const char *value = typed_text(field, settings->object, arena);
        if (field->use & SECRET && *value)
            value = "(set)";
        fprintf(out, "%-24s %-28s %s\n", field->name, value,
                settings->origins[field - settings->fields].where);
    }
}
