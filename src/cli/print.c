#include "cli/print.h"

#include <stdlib.h>

#include "base/text.h"
#include "json/json.h"

static void print_json(const struct cli *cli, const struct schema *schema, const void *object)
{
    struct bytes text = json_write(schema, object, cli->arena);
    fwrite(text.data, 1, text.size, stdout);
    putchar('\n');
}

/* How wide it is on a terminal, near enough: one column a character. */
static int width(const char *text)
{
    int columns = 0;
    for (; *text; text++)
        columns += ((unsigned char)*text & 0xC0) != 0x80;
    return columns;
}

/* C0, DEL, and C1 as UTF-8 has it: a terminal obeys them. */
static const char *tame(const char *text, struct arena *arena)
{
    char *tamed = arena_copy(arena, text);
    for (unsigned char *at = (unsigned char *)tamed; *at; at++)
        if (*at < 0x20 || *at == 0x7F)
            *at = ' ';
        else if (at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0)
            at[0] = at[1] = ' ';
    return tamed;
}

static const char *cell(const struct cli *cli, const struct field *field, const void *object)
{
    const char *text = tame(typed_text(field, object, cli->arena), cli->arena);
    bool is_nothing = field->use & OMITTED && text_equal(text, "0");
    return *text && !is_nothing ? text : "-";
}

void print_object(const struct cli *cli, const struct schema *schema, const void *object)
{
    if (cli->json) {
        print_json(cli, schema, object);
        return;
    }
    for (const struct field *field = schema->fields; field->name; field++)
        if (field->use & SHOWN && *typed_text(field, object, cli->arena))
            printf("%-20s %s\n", field_key(field), cell(cli, field, object));
}

static void print_cells(const struct cli *cli, const struct schema *schema, const void *object,
                        const int *widths)
{
    int column = 0, missing = 0;
    for (const struct field *field = schema->fields; field->name; field++) {
        if (!(field->use & SHOWN))
            continue;
        const char *text = object ? cell(cli, field, object) : field_key(field);
        printf("%*s%s%s", missing, "", column ? "  " : "", text);
        missing = widths[column++] - width(text); /* blanks before the next, none after the last */
        if (missing < 0)
            missing = 0;
    }
    putchar('\n');
}

static int *measure(const struct cli *cli, const struct schema *schema, struct list objects)
{
    int *widths = arena_new(cli->arena, int, schema_count(schema)), column = 0;
    for (const struct field *field = schema->fields; field->name; field++) {
        if (!(field->use & SHOWN))
            continue;
        widths[column] = width(field_key(field));
        for (size_t i = 0; i < objects.count; i++) {
            int wide = width(cell(cli, field, (char *)objects.items + i * schema->size));
            if (wide > widths[column])
                widths[column] = wide;
        }
        column++;
    }
    return widths;
}

void print_list(const struct cli *cli, const struct schema *schema, struct list objects)
{
    const int *widths = cli->json ? NULL : measure(cli, schema, objects);
    if (widths)
        print_cells(cli, schema, NULL, widths);
    for (size_t i = 0; i < objects.count; i++) {
        const void *object = (char *)objects.items + i * schema->size;
        if (widths)
            print_cells(cli, schema, object, widths);
        else
            print_json(cli, schema, object);
    }
}

void print_row(const struct cli *cli, const struct schema *schema, const void *object)
{
    static const int NO_WIDTHS[64];
    if (cli->json)
        print_json(cli, schema, object);
    else
        print_cells(cli, schema, object, NO_WIDTHS);
    fflush(stdout);
}
