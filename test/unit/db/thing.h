/* thing.h - what the tests of db/ keep in a database: a struct with a member of each kind. */
#pragma once
#include "db/db.h"

enum color { COLOR_NONE, COLOR_RED, COLOR_GREEN };

struct thing {
    const char *id, *parent_id, *label;
    int64_t number;
    bool is_good;
    moment happened_at;
    enum color color;
    struct list tags; /* of text */
};
extern const struct schema THING_SCHEMA;

/* Keeps lists of text with a | behind each item; refuses to read what does not end so. */
extern const struct db_codec TAG_CODEC;

/* A new directory; "DIR/name" in it. Removed with all its files. */
struct place {
    char directory[64];
    char path[96];
};
void place_make(struct place *place);
const char *place_file(const struct place *place, const char *name, struct arena *arena);
/* Copies the database at place->path and its log, as a crash would leave them; returns its path. */
const char *place_copy(const struct place *place, struct arena *arena);
void place_remove(struct place *place);

/* Aborts when it cannot be opened: that is for its own test. */
struct db *thing_db(const char *path);
bool thing_insert(struct db *db, const struct thing *thing, struct error *error);
int64_t thing_count(struct db *db);
bool thing_is_there(struct db *db, const char *id);
