/* settings.h - fills a struct from presets, a file, the environment and flags, and remembers who
 * said what.
 *
 * A flag beats the environment, the environment beats the file, the file beats the preset, in
 * whatever order they are read. */
#pragma once
#include <stdio.h>

#include "options.h"

enum setting_source { SOURCE_PRESET, SOURCE_FILE, SOURCE_ENVIRONMENT, SOURCE_FLAG };

struct setting_origin {
    enum setting_source source;
    const char *where; /* "default", "var/outtray.conf:3", "OUTTRAY_LISTEN", "--listen" */
    bool is_in_file;   /* whoever won */
};

struct settings {
    const struct field *fields; /* texts, numbers, bools and names */
    void *object;
    struct arena *arena;
    struct setting_origin *origins; /* one a field */
};

/* With every preset in its place. */
struct settings settings_start(const struct field *fields, void *object, struct arena *arena);

/* An error is a sentence with the setting's name and where it came from, without its value. */
bool settings_set(struct settings *settings, const struct field *field, const char *text,
                  struct setting_origin origin, struct error *error);

/* Lines `name = value`, [headings] that mean nothing, comments behind # or ; at the start of a line
 * and behind " ;" in one. A name that is
 * unknown, refused, or there twice is an error with its line. No such file: no settings. */
bool settings_read_file(struct settings *settings, const char *path, const char *refused,
                        struct error *error);

/* Variables prefix + NAME; an empty one says nothing. */
bool settings_read_environment(struct settings *settings, const char *prefix, struct error *error);

/* The variables with that prefix that are neither a setting's nor one of the others; of
 * const char *, in the arena. */
struct list settings_unknown(const struct settings *settings, const char *prefix,
                             const char *const *others, struct arena *arena);

/* Each setting, its value, and where it came from; secrets as (set). */
void settings_show(const struct settings *settings, FILE *out);
