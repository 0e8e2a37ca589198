#include "thing.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

static const char *const COLOR_NAMES[] = {"", "red", "green", NULL};
static const struct field THING_FIELDS[] = {
    FIELD(struct thing, id, .use = STORED),
    FIELD(struct thing, parent_id, .use = STORED),
    FIELD(struct thing, label, .use = STORED),
    FIELD(struct thing, number, .use = STORED),
    FIELD(struct thing, is_good, .use = STORED),
    FIELD(struct thing, happened_at, .use = STORED),
    NAME_FIELD(struct thing, color, COLOR_NAMES, .use = STORED),
    FIELD(struct thing, tags, .use = STORED, .items = &TEXT_ITEM),
    {0},
};
const struct schema THING_SCHEMA = SCHEMA(struct thing, THING_FIELDS);

static char *tags_write(const struct field *field, struct list list, struct arena *arena)
{
    struct buf buf = BUF(arena, 1000);
    struct error error;
    (void)field;
    buf_add(&buf, "");
    for (size_t i = 0; i < list.count; i++)
        buf_addf(&buf, "%s|", ((const char **)list.items)[i]);
    return buf_text(&buf, &error);
}

static bool tags_read(const char *text, const struct field *field, struct arena *arena,
                      struct list *ret_list, struct error *error)
{
    const char **items = arena_new(arena, const char *, strlen(text) + 1);
    size_t count = 0;
    for (const char *end; *text; text = end + 1) {
        if (!(end = strchr(text, '|')))
            return fail(error, ERROR_INVALID, field->name, "must end with |");
        items[count++] = arena_copy_bytes(arena, text, (size_t)(end - text));
    }
    *ret_list = (struct list){items, count};
    return true;
}

const struct db_codec TAG_CODEC = {tags_write, tags_read};

void place_make(struct place *place)
{
    snprintf(place->directory, sizeof place->directory, "/tmp/db-test-XXXXXX");
    if (!mkdtemp(place->directory))
        abort();
    snprintf(place->path, sizeof place->path, "%s/things.db", place->directory);
}

const char *place_file(const struct place *place, const char *name, struct arena *arena)
{
    return arena_format(arena, "%s/%s", place->directory, name);
}

static void copy_file(const char *from, const char *to)
{
    char data[4096];
    FILE *source = fopen(from, "re"), *target = fopen(to, "we");
    if (!source || !target)
        abort();
    for (size_t size; (size = fread(data, 1, sizeof data, source)) > 0;)
        if (fwrite(data, 1, size, target) != size)
            abort();
    fclose(source);
    fclose(target);
}

const char *place_copy(const struct place *place, struct arena *arena)
{
    copy_file(place->path, place_file(place, "crash.db", arena));
    copy_file(place_file(place, "things.db-wal", arena), place_file(place, "crash.db-wal", arena));
    unlink(place_file(place, "crash.db-shm", arena));
    return place_file(place, "crash.db", arena);
}

void place_remove(struct place *place)
{
    DIR *directory = opendir(place->directory);
    for (struct dirent *entry; directory && (entry = readdir(directory));)
        unlinkat(dirfd(directory), entry->d_name, 0);
    closedir(directory);
    rmdir(place->directory);
}

struct db *thing_db(const char *path)
{
    struct error error;
    struct db *db = db_open(path, &TAG_CODEC, &error);
    if (!db) {
        fprintf(stderr, "%s\n", error.message);
        abort();
    }
    return db;
}

static bool insert(struct session *session, void *context, struct error *error)
{
    return db_save(session, QUERY_THING_INSERT, &THING_SCHEMA, context, NULL, NULL, error);
}

bool thing_insert(struct db *db, const struct thing *thing, struct error *error)
{
    struct thing copy = *thing;
    return db_write(db, insert, &copy, error);
}

int64_t thing_count(struct db *db)
{
    struct error error;
    int64_t count;
    AUTO_READING session = db_read(db);
    return db_number(session, QUERY_THING_COUNT, NULL, &count, &error) ? count : -1;
}

bool thing_is_there(struct db *db, const char *id)
{
    struct error error;
    struct list found;
    AUTO_ARENA arena = arena_create();
    AUTO_READING session = db_read(db);
    return db_load(session, QUERY_THING_BY_ID, PARAMS(TEXT("id", id)), 1, &THING_SCHEMA, arena,
                   &found, &error) &&
           found.count == 1;
}
